package mesh.lockstep.pages;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import mesh.lockstep.rollout.Peers;

/// Compares what two members hold now, for people. Anyone who reaches the port for operators may
/// ask for it, and admissions come first: so there are few at once, each within some seconds.
final class LiveComparison {

    /// For reading both copies, and for finding where they differ.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int AT_ONCE = 2;

    private final Peers peers;
    private final Discretion discretion;
    private final Semaphore places = new Semaphore(AT_ONCE);

    LiveComparison(Peers peers, Discretion discretion) {
        this.peers = peers;
        this.discretion = discretion;
    }

    /// Reads both copies and compares them; empty if as many are compared as may be at once.
    ///
    /// @param gone whether nobody waits for it any more
    Optional<SideBySide> with(ClusterName peer, PolicyKey key, BooleanSupplier gone) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(compare(key, peer, Deadline.in(PATIENCE).orOnce(gone)));
        } finally {
            places.release();
        }
    }

    private SideBySide compare(PolicyKey key, ClusterName peer, Deadline deadline) {
        var here = peers.here().orElseThrow();
        var said = new HashMap<ClusterName, LiveAnswer>();
        try (var answers = peers.ask(List.of(here, peer), key, deadline)) {
            answers.forEach(answer -> said.put(answer.peer(), answer));
        }
        var ours = Objects.requireNonNull(said.get(here));
        var theirs = Objects.requireNonNull(said.get(peer));
        return problem(ours)
                .or(() -> problem(theirs))
                .map(SideBySide::problem)
                .orElseGet(
                        () ->
                                SideBySide.of(
                                        shown(ours), shown(theirs), discretion.values(), deadline));
    }

    private static Optional<String> problem(LiveAnswer answer) {
        return switch (answer) {
            case Shown _ -> Optional.empty();
            case NotFound(var peer) -> Optional.of(peer + " does not have it.");
            case Silent(var peer, var cause) -> Optional.of(peer + " cannot be read: " + cause);
            case Deferred(var peer, var cause) ->
                    Optional.of(peer + " cannot be read right now: " + cause);
        };
    }

    private static Policy shown(LiveAnswer answer) {
        return ((Shown) answer).policy();
    }
}
