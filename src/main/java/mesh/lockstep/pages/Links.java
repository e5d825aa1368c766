package mesh.lockstep.pages;

import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;

/// The addresses of the pages.
final class Links {

    static final String MATRIX = "/mesh";
    static final String POLICY = "/mesh/policy";
    static final String STYLE = "/mesh/style.css";
    static final String ICON = "/mesh/icon.svg";

    private Links() {}

    /// @param members which page of members
    static String matrix(Selection selection, int page, int members) {
        return MATRIX
                + "?show="
                + (selection.everything() ? "all" : "differing")
                + selection
                        .namespace()
                        .map(text -> "&namespace=" + PolicyKey.encoded(text))
                        .orElse("")
                + "&page="
                + page
                + "&members="
                + members;
    }

    static String policy(PolicyKey key, Optional<ClusterName> peer) {
        return POLICY
                + "?kind="
                + key.kind().kindName()
                + "&namespace="
                + PolicyKey.encoded(key.namespace())
                + "&name="
                + PolicyKey.encoded(key.name())
                + peer.map(name -> "&peer=" + name).orElse("");
    }
}
