package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Intent.Unreadable;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;

/// What somebody wants to do to a policy in this cluster.
public sealed interface Change {

    record Created(Policy after) implements Change {}

    record Updated(Policy before, Policy after) implements Change {
        public Updated {
            if (!before.key().equals(after.key())) {
                throw new IllegalArgumentException("an update keeps its key");
            }
        }

        /// Labels, annotations, re-applies: what counts stays as it was.
        public boolean keepsMeaning() {
            return before.version().equals(after.version())
                    && before.intent().revision().equals(after.intent().revision());
        }
    }

    record Deleted(Policy before) implements Change {}

    default PolicyKey key() {
        return switch (this) {
            case Created(var after) -> after.key();
            case Updated(_, var after) -> after.key();
            case Deleted(var before) -> before.key();
        };
    }

    /// The policy we come from; empty for a creation.
    default Optional<Policy> origin() {
        return switch (this) {
            case Created _ -> Optional.empty();
            case Updated(var before, _) -> Optional.of(before);
            case Deleted(var before) -> Optional.of(before);
        };
    }

    /// The policy that the cluster will hold; empty for a deletion.
    default Optional<Policy> outcome() {
        return switch (this) {
            case Created(var after) -> Optional.of(after);
            case Updated(_, var after) -> Optional.of(after);
            case Deleted _ -> Optional.empty();
        };
    }

    /// Whether refusing for what peers hold may be right. Never for a deletion, nor for what leaves
    /// the mesh no worse.
    default boolean mayBeRefused() {
        return switch (this) {
            case Created _ -> true;
            case Updated updated -> !updated.keepsMeaning();
            case Deleted _ -> false;
        };
    }

    /// The annotations that this change makes unreadable. What was so before is not held against
    /// it.
    default List<Unreadable> newlyUnreadable() {
        var before = origin().map(policy -> policy.intent().unreadable()).orElse(List.of());
        return outcome().stream()
                .flatMap(policy -> policy.intent().unreadable().stream())
                .filter(it -> !before.contains(it))
                .toList();
    }
}
