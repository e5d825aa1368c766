package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String SHOP = "shop";
    private static final PolicyKey KEY = new PolicyKey(Kind.NETWORK_POLICY, SHOP, "own");

    private final AtomicLong now = new AtomicLong();
    private final Circuit circuit = new Circuit(now::get);

    @Test
    void opensForANamespaceWhenThreeQuestionsInARowAreLeftUnanswered() {
        circuit.unanswered(KEY, now.get());
        circuit.unanswered(KEY, now.get());
        assertThat(circuit.isOpen(SHOP)).isFalse();

        circuit.unanswered(KEY, now.get());
        assertThat(circuit.isOpen(SHOP)).isTrue();
        assertThat(circuit.isOpen()).isTrue();
    }

    @Test
    void staysClosedForAllOthersWhateverHappensInOneNamespace() {
        for (int i = 0; i < 1000; i++) {
            circuit.unanswered(KEY, now.get());
        }

        assertThat(circuit.isOpen("another")).isFalse();
    }

    @Test
    void opensForAllWhenThePeerDoesNotSayWhoItIs() {
        circuit.silent();
        assertThat(circuit.isOpen("another")).isTrue();

        circuit.heard();
        assertThat(circuit.isOpen("another")).isFalse();
    }

    /// It may have been a bad moment for all of them.
    @Test
    void takesThoseThatWereUnderWayTogetherForOne() {
        long asked = now.get();
        for (int i = 0; i < 100; i++) {
            now.incrementAndGet();
            circuit.unanswered(KEY, asked);
        }

        assertThat(circuit.isOpen(SHOP)).isFalse();
    }

    @Test
    void staysClosedWhileSomeAreAnswered() {
        for (int i = 0; i < 10; i++) {
            circuit.unanswered(KEY, now.get());
            circuit.unanswered(KEY, now.get());
            circuit.answered(SHOP);
        }

        assertThat(circuit.isOpen(SHOP)).isFalse();
    }

    @Test
    void closesWhenOneQuestionIsAnswered() {
        open();
        circuit.silent();
        circuit.answered(SHOP);
        circuit.unanswered(KEY, now.get());
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void keepsTheLastQuestionOfEachNamespaceToBeAskedAgain() {
        var other = new PolicyKey(Kind.NETWORK_POLICY, "other", "a");
        var later = new PolicyKey(Kind.NETWORK_POLICY, SHOP, "later");
        circuit.unanswered(KEY, now.get());
        circuit.unanswered(other, now.get());
        circuit.unanswered(later, now.get());
        assertThat(circuit.unanswered()).containsExactly(other, later);

        circuit.answered("other");
        assertThat(circuit.unanswered()).containsExactly(later);
    }

    @Test
    void keepsNoMoreNamespacesInMindThanItMay() {
        for (int i = 0; i < 10 * Circuit.NAMESPACES; i++) {
            circuit.unanswered(
                    new PolicyKey(Kind.NETWORK_POLICY, "namespace-" + i, "a"), now.get());
        }

        assertThat(circuit.unanswered()).hasSize(Circuit.NAMESPACES);
    }

    @Test
    void saysForHowLongAnAnswerIsOwed() {
        assertThat(circuit.owing()).isZero();

        circuit.asked();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        circuit.asked();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        circuit.unanswered(KEY, now.get());
        assertThat(circuit.owing()).isEqualTo(Duration.ofSeconds(2));

        circuit.answered(SHOP);
        assertThat(circuit.owing()).isZero();
    }

    @Test
    void wakesWhoeverLooksAfterThePeer() throws InterruptedException {
        open();

        // Would take a minute otherwise.
        circuit.awaitOpening(LONG);
        circuit.answered(SHOP);
        circuit.silent();
        circuit.awaitOpening(LONG);
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            circuit.unanswered(KEY, now.get());
        }
    }
}
