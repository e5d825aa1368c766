package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.peers.Answer.Lost;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;
import org.jspecify.annotations.Nullable;

/// Live reads of one peer. A small question every now and then keeps their connection warm and
/// finds out when another cluster answers. What the peer left unanswered is asked again in its
/// wake, until it is answered: whether a peer is there again is found out at nobody's cost.
final class Questions implements Work {

    private static final Lost NOT_ASKED = new Lost("not asked: left the last questions unanswered");
    private static final Lost NO_PLACE = new Lost("not asked: too many questions at once");

    private final PeerApi api;
    private final Identity identity;
    private final Pace pace;
    private final Circuit circuit = new Circuit(System::nanoTime);
    private final SettingsReading settings;
    private final ServerCertificate.Look upkeep;

    /// The last question that was not answered.
    private volatile @Nullable Unanswered unanswered;

    private record Unanswered(PolicyKey key, Duration atMost) {}

    /// @param upkeep what else is to be done every now and then
    Questions(
            PeerApi api, Identity identity, Pace pace, Pool pool, ServerCertificate.Look upkeep) {
        this.api = api;
        this.identity = identity;
        this.pace = pace;
        this.settings = new SettingsReading(api, pool);
        this.upkeep = upkeep;
    }

    /// The peer's settings as they were read last; empty before.
    Optional<MemberSettings> settings() {
        return settings.known();
    }

    /// The name that its Cilium has for it; empty before it was read.
    Optional<ClusterName> callsItself() {
        return settings.callsItself();
    }

    /// The names of its CIDR groups as they were read last; empty before.
    Optional<Set<String>> cidrGroups() {
        return settings.cidrGroups();
    }

    /// For how long the peer has owed us an answer; zero if it owes none.
    Duration owing() {
        return circuit.owing();
    }

    /// Reads a policy as it is now. What it says counts only if it is the cluster that is meant
    /// which answers: a refusal may depend on it.
    Answer ask(PolicyKey key, Duration atMost) throws InterruptedException {
        if (circuit.isOpen()) {
            return NOT_ASKED;
        }
        var deadline = Deadline.in(atMost);
        if (!circuit.enter(atMost)) {
            return NO_PLACE;
        }
        try {
            var answer = answer(key, deadline);
            if (answer instanceof Lost) {
                // Before it counts, so that what counts can be asked again.
                unanswered = new Unanswered(key, atMost);
                circuit.unanswered();
            } else {
                circuit.answered();
            }
            return answer;
        } finally {
            circuit.leave();
        }
    }

    private Answer answer(PolicyKey key, Deadline deadline) throws InterruptedException {
        var answer = api.get(key, deadline.left());
        if (answer instanceof Lost || identity.isShownBy(answer)) {
            return answer;
        }
        var stranger = identity.check(deadline.left());
        return stranger.isPresent() ? new Lost(stranger.get().cause()) : answer;
    }

    /// In no more than the time that it had the first time.
    private void askAgain() throws InterruptedException {
        var question = unanswered;
        if (circuit.leftUnanswered()
                && question != null
                && !(answer(question.key(), Deadline.in(question.atMost())) instanceof Lost)) {
            circuit.answered();
        }
    }

    @Override
    public void run(Heartbeat heartbeat) throws InterruptedException {
        var backoff = pace.backoff();
        Thread.sleep(Chance.upTo(pace.probe()));
        while (true) {
            heartbeat.beat();
            if (circuit.isOpen()) {
                backoff.pause();
            } else {
                backoff.reset();
            }
            if (identity.check(pace.probe()).isEmpty()) {
                askAgain();
                settings.keepUp();
                upkeep.look();
            }
            circuit.awaitOpening(pace.probe());
        }
    }
}
