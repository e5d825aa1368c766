package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.Test;

/// What an API server no longer waits for is not worked at.
class GivenUpTest {

    private static final Postponement POSTPONEMENT =
            new Postponement(
                    new AdmissionReader(PolicyReader::new),
                    new AdmissionWriter(new Wording(Disclosure.VALUES)),
                    new Scope(_ -> Namespace.ORDINARY, Set.of()),
                    new Enforcement(Level.DENY, Severity.WARN, Set.of()));

    private final FakePeers peers = new FakePeers().holding("east", Policies.withPort(81));
    private final AdmissionEndpoint endpoint =
            new AdmissionEndpoint(
                    new AdmissionReader(() -> new PolicyReader()),
                    new Referee(
                            peers,
                            Histories.NONE,
                            new Scope(_ -> Namespace.ORDINARY, Set.of()),
                            new Enforcement(Level.DENY, Severity.WARN, Set.of())),
                    Histories.NONE,
                    new AdmissionWriter(new Wording(Disclosure.VALUES)),
                    new DecisionLog(new SimpleMeterRegistry()),
                    new ReviewSeats(),
                    new TurnedAway(new SimpleMeterRegistry()),
                    POSTPONEMENT);

    @Test
    void isNotEvenRead() throws UnreadableReviewException {
        assertThat(endpoint.answer(Reviews.bytes("hello"), givenUpAfter(0))).isEmpty();
    }

    @Test
    void isNotJudged() throws UnreadableReviewException {
        var review = Reviews.bytes(Reviews.create(Reviews.policy(80)));

        assertThat(endpoint.answer(review, givenUpAfter(1))).isEmpty();
        assertThat(peers.asked()).isEmpty();
        assertThat(endpoint.answer(review, givenUpAfter(Integer.MAX_VALUE))).isPresent();
    }

    /// @param looks at whether it is given up yet
    private static Deadline givenUpAfter(int looks) {
        var left = new AtomicInteger(looks);
        return Deadline.in(Duration.ofMinutes(5)).orOnce(() -> left.getAndDecrement() <= 0);
    }
}
