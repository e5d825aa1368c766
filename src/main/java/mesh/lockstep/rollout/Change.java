package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Intent.Unreadable;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;

/// What somebody wants to do to a policy in this cluster.
public sealed interface Change {

    /// A policy is made.
    ///
    /// @param lately what was there under that name a while ago: what the creation comes from
    record Created(Policy after, Optional<Trace> lately) implements Change {

        /// Where nothing was deleted, or that is not known yet.
        public Created(Policy after) {
            this(after, Optional.empty());
        }

        /// Whether it only brings back what was there.
        boolean restores() {
            return lately.filter(trace -> trace.isOf(after)).isPresent();
        }
    }

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
            case Created(var after, _) -> after.key();
            case Updated(_, var after) -> after.key();
            case Deleted(var before) -> before.key();
        };
    }

    /// The policy that is there; empty for a creation.
    default Optional<Policy> origin() {
        return switch (this) {
            case Created _ -> Optional.empty();
            case Updated(var before, _) -> Optional.of(before);
            case Deleted(var before) -> Optional.of(before);
        };
    }

    /// The version we come from; empty for the creation of what was not there lately.
    default Optional<Fingerprint> from() {
        return switch (this) {
            case Created(_, var lately) -> lately.map(Trace::version);
            case Updated(var before, _) -> Optional.of(before.version().fingerprint());
            case Deleted(var before) -> Optional.of(before.version().fingerprint());
        };
    }

    /// The policy that the cluster will hold; empty for a deletion.
    default Optional<Policy> outcome() {
        return switch (this) {
            case Created(var after, _) -> Optional.of(after);
            case Updated(_, var after) -> Optional.of(after);
            case Deleted _ -> Optional.empty();
        };
    }

    /// Whether the policy is known to have been meant for the same members before.
    default boolean keepsMembers() {
        return switch (this) {
            case Created(var after, var lately) ->
                    lately.filter(trace -> trace.isMeantAs(after)).isPresent();
            case Updated(var before, var after) ->
                    before.intent().members().equals(after.intent().members());
            case Deleted _ -> false;
        };
    }

    /// Whether refusing for what peers hold may be right. Never for a deletion, nor for what leaves
    /// the mesh no worse.
    default boolean mayBeRefused() {
        return switch (this) {
            case Created created -> !created.restores();
            case Updated updated -> !updated.keepsMeaning();
            case Deleted _ -> false;
        };
    }

    /// The annotations that this change makes unreadable. What was so before is not held against
    /// it.
    default List<Unreadable> newlyUnreadable() {
        if (this instanceof Created created && created.restores()) {
            return List.of();
        }
        var before = origin().map(policy -> policy.intent().unreadable()).orElse(List.of());
        return outcome().stream()
                .flatMap(policy -> policy.intent().unreadable().stream())
                .filter(unreadable -> !before.contains(unreadable))
                .toList();
    }
}
