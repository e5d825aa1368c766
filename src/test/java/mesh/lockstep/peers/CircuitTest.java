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
    private static final PolicyKey KEY = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, SHOP, "own");

    private final AtomicLong now = new AtomicLong();
    private final Circuit circuit = new Circuit(now::get);

    @Test
    void opensForANamespaceWhenThreeQuestionsInARowAreLeftUnanswered() {
        lose(KEY);
        lose(KEY);
        assertThat(circuit.isOpen(SHOP)).isFalse();

        lose(KEY);
        assertThat(circuit.isOpen(SHOP)).isTrue();
        assertThat(circuit.isOpen()).isTrue();
    }

    @Test
    void staysClosedForAllOthersWhateverHappensInOneNamespace() {
        for (int i = 0; i < 1000; i++) {
            lose(KEY);
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

    @Test
    void staysClosedWhileSomeAreAnswered() {
        for (int i = 0; i < 10; i++) {
            lose(KEY);
            lose(KEY);
            answer(SHOP);
        }

        assertThat(circuit.isOpen(SHOP)).isFalse();
    }

    @Test
    void closesWhenOneQuestionIsAnswered() {
        open();
        circuit.silent();
        answer(SHOP);
        lose(KEY);
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void keepsTheLastQuestionOfEachNamespaceToBeAskedAgain() {
        var other = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "other", "a");
        var later = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, SHOP, "later");
        lose(KEY);
        lose(other);
        lose(later);
        assertThat(circuit.unanswered()).containsExactly(other, later);

        answer("other");
        assertThat(circuit.unanswered()).containsExactly(later);
    }

    @Test
    void keepsNoMoreNamespacesInMindThanItMay() {
        for (int i = 0; i < 10 * Circuit.NAMESPACES; i++) {
            lose(new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "namespace-" + i, "a"));
        }

        assertThat(circuit.unanswered()).hasSize(Circuit.NAMESPACES);
    }

    @Test
    void questionsThatWereInProgressTogetherCountAsOne() {
        long since = circuit.asked();
        now.incrementAndGet();
        for (int i = 0; i < 16; i++) {
            circuit.unanswered(KEY, since);
            now.incrementAndGet();
        }

        assertThat(circuit.isOpen(SHOP)).isFalse();
    }

    @Test
    void countsNothingWhileThePeerAnswersOthers() {
        for (int i = 0; i < 10; i++) {
            long since = circuit.asked();
            answer("other");
            circuit.unanswered(KEY, since);
        }

        assertThat(circuit.isOpen(SHOP)).isFalse();
    }

    @Test
    void saysForHowLongAnAnswerIsOwed() {
        assertThat(circuit.owing()).isZero();

        long since = circuit.asked();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        circuit.asked();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        circuit.unanswered(KEY, since);
        assertThat(circuit.owing()).isEqualTo(Duration.ofSeconds(2));

        answer(SHOP);
        assertThat(circuit.owing()).isZero();
    }

    @Test
    void wakesTheThreadThatUpdatesThePeer() throws InterruptedException {
        open();

        // If not, this would take a minute.
        circuit.awaitOpening(LONG);
        answer(SHOP);
        circuit.silent();
        circuit.awaitOpening(LONG);
    }

    private void lose(PolicyKey key) {
        long since = circuit.asked();
        now.incrementAndGet();
        circuit.unanswered(key, since);
    }

    private void answer(String namespace) {
        circuit.answered(namespace);
        now.incrementAndGet();
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            lose(KEY);
        }
    }
}
