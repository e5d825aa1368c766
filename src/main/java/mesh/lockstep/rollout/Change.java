package mesh.lockstep.rollout;

import java.util.Optional;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;

/// What somebody wants to do to a policy in this cluster.
public sealed interface Change {

    PolicyKey key();

    record Created(Policy after) implements Change {
        @Override
        public PolicyKey key() {
            return after.key();
        }
    }

    record Updated(Policy before, Policy after) implements Change {
        public Updated {
            if (!before.key().equals(after.key())) {
                throw new IllegalArgumentException("an update keeps its key");
            }
        }

        @Override
        public PolicyKey key() {
            return after.key();
        }

        /// Labels, annotations, re-applies: Cilium makes the same of it as before.
        public boolean keepsMeaning() {
            return before.meaning().equals(after.meaning());
        }
    }

    record Deleted(Policy before) implements Change {
        @Override
        public PolicyKey key() {
            return before.key();
        }
    }

    /// What the cluster will hold; empty for a deletion.
    default Optional<Policy> outcome() {
        return switch (this) {
            case Created(var after) -> Optional.of(after);
            case Updated(_, var after) -> Optional.of(after);
            case Deleted _ -> Optional.empty();
        };
    }

    /// The version we come from; empty for a creation.
    default Optional<Digest> origin() {
        return switch (this) {
            case Created _ -> Optional.empty();
            case Updated(var before, _) -> Optional.of(before.meaning().digest());
            case Deleted(var before) -> Optional.of(before.meaning().digest());
        };
    }

    /// Whether refusing may be right. Never for a deletion, nor for what leaves the mesh no worse.
    default boolean mayBeRefused() {
        return switch (this) {
            case Created _ -> true;
            case Updated updated -> !updated.keepsMeaning();
            case Deleted _ -> false;
        };
    }
}
