package mesh.lockstep.cli;

import java.util.Arrays;
import java.util.List;
import mesh.lockstep.policy.PolicyKey.Kind;

/// Which policies somebody asks for.
///
/// @param namespace empty for all, and those of the whole cluster
/// @param selector of labels, in the words of kubectl; empty for all
record Query(String namespace, String selector) {

    /// The kinds that may have such policies.
    List<Kind> kinds() {
        return Arrays.stream(Kind.values())
                .filter(kind -> namespace.isEmpty() || kind.namespaced())
                .toList();
    }
}
