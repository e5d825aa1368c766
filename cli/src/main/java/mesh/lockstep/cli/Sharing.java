package mesh.lockstep.cli;

import java.util.Map;
import mesh.lockstep.rollout.MemberSettings;

/// Which of a cluster's namespaces Cilium shares with the mesh. Where that may not be read, all
/// count as shared, as most are.
///
/// @param said by those that say something
/// @param byDefault whether those are shared that do not
record Sharing(Map<String, Boolean> said, boolean byDefault) {

    /// Where nothing is known.
    static final Sharing ALL = new Sharing(Map.of(), true);

    Sharing {
        said = Map.copyOf(said);
    }

    /// The namespaces of a member.
    ///
    /// @param said by those that say something
    static Sharing of(Map<String, Boolean> said, Member member) {
        return new Sharing(said, byDefault(member));
    }

    /// Whether a namespace is shared that does not say.
    static boolean byDefault(Member member) {
        return member.facts()
                .settings()
                .map(MemberSettings::sharesNamespacesByDefault)
                .orElse(true);
    }

    /// Whether its policies are the cluster's own affair; never those of the whole cluster.
    boolean isApart(String namespace) {
        return !namespace.isEmpty() && !said.getOrDefault(namespace, byDefault);
    }
}
