package mesh.lockstep.rollout;

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
    /// @param remark why that is not what the label says
    record Leveling(Level level, Optional<Remark> remark) {
        Leveling(Level level) {
            this(level, Optional.empty());
        }
    }

    public Scope {
        leftOut = Set.copyOf(leftOut);
    }

    /// Where Cilium shares nothing, nothing can differ. Losing what is removed with its namespace
    /// does not matter; but Cilium enforces it until then, so that a change of what it means is
    /// judged.
    boolean has(Change change) {
        if (leftOut.contains(change.key().namespace())) {
            return false;
        }
        var namespace = find(change);
        return namespace.shared() && (!namespace.terminating() || change.mayBeRefused());
    }

    /// The same of a policy that nobody changes, from memory.
    public boolean has(PolicyKey key) {
        if (leftOut.contains(key.namespace())) {
            return false;
        }
        return recall(key).shared();
    }

    /// Whether the namespace is being deleted, so that nothing new can be made in it; from memory.
    public boolean isGoing(PolicyKey key) {
        return recall(key).terminating();
    }

    private Namespace recall(PolicyKey key) {
        return namespaces.recall(key.namespace()).orElse(Namespace.ORDINARY);
    }

    /// The namespace's label, like that of Pod Security, where the cluster lets it count; for
    /// clusterwide policies, and without a label, the cluster's.
    Leveling level(Change change, Enforcement ofCluster) {
        return find(change)
                .enforce()
                .map(label -> level(label, ofCluster))
                .orElse(new Leveling(ofCluster.level()));
    }

    private static Leveling level(String label, Enforcement ofCluster) {
        var level = named(label);
        if (level.isEmpty()) {
            var remark = new Remark.UnknownLevel(label);
            return new Leveling(ofCluster.level(), Optional.of(remark));
        }
        if (!ofCluster.lets(level.get())) {
            var remark = new Remark.LooserLevel(level.get(), ofCluster.level());
            return new Leveling(ofCluster.level(), Optional.of(remark));
        }
        return new Leveling(level.get());
    }

    private Namespace find(Change change) {
        var namespace = change.key().namespace();
        return namespace.isEmpty() ? Namespace.ORDINARY : namespaces.find(namespace);
    }

    private static Optional<Level> named(String label) {
        for (var level : Level.values()) {
            if (level.word().equals(label)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
