package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Lost;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.Silent;

/// Live reads of one peer.
///
/// A peer is silent only if it had its time for an answer, and then did not say who it is either,
/// or left three questions in a row about that namespace unanswered; that it is too busy or has a
/// server error is not an answer either. Whatever else delays an answer is not held against it, and
/// what was asked is deferred: nobody can have a change admitted as unknown by asking a lot at
/// once, or with little time.
final class PeerReads {

    private static final String RENEWED = "its connection was renewed just now";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /// How often a peer that does not say who it is is asked once more while many questions are in
    /// progress: their number may be what delays its answers.
    private static final int TRIES_IN_A_CROWD = 3;

    private final ClusterName peer;
    private final PeerApi api;
    private final Identity identity;
    private final FairTime fairTime;
    private final BiFunction<PolicyKey, Answer, LiveAnswer> reading;
    private final Circuit circuit = new Circuit(System::nanoTime);
    private final Line line;
    private volatile boolean closed;

    /// When the check began that showed last that the peer is there, of those by [#askWhoItIs].
    private long wasThere = System.nanoTime();

    /// @param fairTime how long the peer has for an answer
    /// @param reading makes an outcome of what the peer answered
    PeerReads(
            ClusterName peer,
            PeerApi api,
            Identity identity,
            FairTime fairTime,
            BiFunction<PolicyKey, Answer, LiveAnswer> reading) {
        this.peer = peer;
        this.api = api;
        this.identity = identity;
        this.fairTime = fairTime;
        this.reading = reading;
        this.line = new Line(peer, this::put);
    }

    /// For how long the peer has owed us an answer; zero if it owes none.
    Duration owing() {
        return circuit.owing();
    }

    /// Reads a policy as it is now, after this was called. What the peer says counts only if it is
    /// the cluster that is meant which answers: a refusal may depend on it.
    LiveAnswer ask(PolicyKey key, Deadline deadline) throws InterruptedException {
        if (closed) {
            return new Deferred(peer, RENEWED);
        }
        return circuit.isOpen(key.namespace()) ? notAsked() : line.ask(key, deadline);
    }

    private LiveAnswer notAsked() {
        return new Silent(
                peer, identity.doubt().orElse("not asked: it did not answer the last requests"));
    }

    /// On a thread of its own, which nobody interrupts.
    private LiveAnswer put(PolicyKey key) {
        if (circuit.isOpen(key.namespace())) {
            return notAsked();
        }
        long since = circuit.asked();
        try {
            var answer = answer(key);
            if (answer instanceof Lost(var cause)) {
                return cause.equals(Intake.NO_ROOM)
                        ? new Deferred(peer, cause)
                        : unanswered(key, since, cause);
            }
            circuit.answered(key.namespace());
            return reading.apply(key, answer);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private LiveAnswer unanswered(PolicyKey key, long since, String cause)
            throws InterruptedException {
        if (closed) {
            return new Deferred(peer, RENEWED);
        }
        circuit.unanswered(key, since);
        if (!cause.equals(Cause.BUSY) && !circuit.hasAnsweredSince(since)) {
            askWhoItIs(System.nanoTime());
        }
        if (closed) {
            return new Deferred(peer, RENEWED);
        }
        return circuit.isOpen(key.namespace())
                ? new Silent(peer, cause)
                : new Deferred(peer, cause);
    }

    /// Once for all whose questions were left unanswered in the same moments.
    private synchronized void askWhoItIs(long since) throws InterruptedException {
        if (circuit.isSilent() || wasThere - since > 0) {
            return;
        }
        long begun = System.nanoTime();
        int tries = line.isCrowded() ? TRIES_IN_A_CROWD : 1;
        for (int i = 0; i < tries; i++) {
            long asked = System.nanoTime();
            if (isThere()) {
                wasThere = asked;
                return;
            }
        }
        if (!circuit.hasAnsweredSince(begun)) {
            circuit.silent();
        }
    }

    private boolean isThere() throws InterruptedException {
        return fairTime.await(_ -> identity.check(fairTime.longest()))
                .filter(Optional::isEmpty)
                .isPresent();
    }

    private Answer answer(PolicyKey key) throws InterruptedException {
        return fairTime.await(clock -> answer(key, Deadline.in(fairTime.longest()), clock))
                .orElseGet(() -> new Lost("timed out waiting for an answer"));
    }

    private Answer answer(PolicyKey key, Deadline deadline, FairTime.Clock clock)
            throws InterruptedException {
        var answer = api.get(key, deadline, clock);
        if (answer instanceof Rejected rejected && isNoAnswer(rejected.code())) {
            return new Lost(Cause.of(rejected, "get", key.kind().plural()));
        }
        if (answer instanceof Lost || identity.isShownBy(answer)) {
            return answer;
        }
        var stranger = identity.check(deadline.left());
        return stranger.isPresent() ? new Lost(stranger.get().cause()) : answer;
    }

    private static boolean isNoAnswer(int code) {
        return code == TOO_MANY_REQUESTS || code >= SERVER_ERROR;
    }

    /// What is asked by now, its connection may leave unanswered: that is our doing.
    void close() {
        closed = true;
    }

    /// Asks the peer who it is, and repeats what it left unanswered: so no change is spent on
    /// finding out whether it answers again.
    ///
    /// @param atMost how long to wait, unless it has been silent
    /// @return whether the cluster that is meant is there
    boolean lookAfter(Duration atMost) throws InterruptedException {
        if (circuit.isOpen() ? !isThere() : identity.check(atMost).isPresent()) {
            return false;
        }
        circuit.heard();
        askAgain();
        return true;
    }

    private void askAgain() throws InterruptedException {
        for (var key : circuit.unanswered()) {
            long since = System.nanoTime();
            if (answer(key) instanceof Lost) {
                circuit.unanswered(key, since);
                return;
            }
            circuit.answered(key.namespace());
        }
    }

    /// Whether something is not asked, since it was left unanswered.
    boolean areHeldBack() {
        return circuit.isOpen();
    }

    /// Waits, but not beyond the moment at which they are.
    void awaitHoldingBack(Duration atMost) throws InterruptedException {
        circuit.awaitOpening(atMost);
    }
}
