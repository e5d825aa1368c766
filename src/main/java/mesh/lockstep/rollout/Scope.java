package mesh.lockstep.rollout;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Namespaces.Namespace;

/// Which policies are judged at all, and at which level.
///
/// @param leftOut namespaces whose policies are never judged: the system's and our own
public record Scope(Namespaces namespaces, Set<String> leftOut) {

    /// A namespace's level.
    ///
    /// @param level the level that counts
    /// @param unknown what the label says, if it names none
    record Leveling(Level level, Optional<String> unknown) {}

    public Scope {
        leftOut = Set.copyOf(leftOut);
    }

    /// Where Cilium shares nothing, nothing can differ; and what goes away with its namespace is no
    /// loss.
    boolean has(Change change) {
        var namespace = change.key().namespace();
        if (leftOut.contains(namespace)) {
            return false;
        }
        return find(change).isJudged();
    }

    /// The same of a policy that nobody changes, from memory.
    public boolean has(PolicyKey key) {
        if (leftOut.contains(key.namespace())) {
            return false;
        }
        return namespaces.recall(key.namespace()).orElse(Namespace.ORDINARY).isJudged();
    }

    /// The namespace's label, like that of Pod Security; for clusterwide policies, and without a
    /// label, the cluster's.
    Leveling level(Change change, Level ofCluster) {
        return find(change)
                .enforce()
                .map(
                        label ->
                                named(label)
                                        .map(level -> new Leveling(level, Optional.empty()))
                                        .orElse(new Leveling(ofCluster, Optional.of(label))))
                .orElse(new Leveling(ofCluster, Optional.empty()));
    }

    private Namespace find(Change change) {
        var namespace = change.key().namespace();
        return namespace.isEmpty() ? Namespace.ORDINARY : namespaces.find(namespace);
    }

    private static Optional<Level> named(String label) {
        for (var level : Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(label)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
