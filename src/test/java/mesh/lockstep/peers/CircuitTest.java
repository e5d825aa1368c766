package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong();
    private final Circuit circuit = new Circuit(now::get);

    @Test
    void opensWhenThreeQuestionsInARowAreLeftUnanswered() {
        circuit.unanswered();
        circuit.unanswered();
        assertThat(circuit.isOpen()).isFalse();

        circuit.unanswered();
        assertThat(circuit.isOpen()).isTrue();
    }

    @Test
    void staysClosedWhileSomeAreAnswered() {
        for (int i = 0; i < 10; i++) {
            circuit.unanswered();
            circuit.unanswered();
            circuit.answered();
        }

        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void closesWhenOneQuestionIsAnswered() {
        open();
        circuit.answered();
        circuit.unanswered();
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void saysForHowLongAnAnswerIsOwed() throws InterruptedException {
        assertThat(circuit.owing()).isZero();

        circuit.enter(LONG);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        circuit.enter(LONG);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(circuit.owing()).isEqualTo(Duration.ofSeconds(2));

        circuit.unanswered();
        circuit.leave();
        assertThat(circuit.owing()).isEqualTo(Duration.ofSeconds(2));
        assertThat(circuit.leftUnanswered()).isTrue();

        circuit.answered();
        circuit.leave();
        assertThat(circuit.owing()).isZero();
        assertThat(circuit.leftUnanswered()).isFalse();
    }

    @Test
    void wakesWhoeverLooksAfterThePeer() throws InterruptedException {
        open();

        // Would take a minute otherwise.
        circuit.awaitOpening(LONG);
        circuit.answered();
        open();
        circuit.awaitOpening(LONG);
    }

    @Test
    void hasPlacesForSixteenQuestionsAtOnce() throws InterruptedException {
        for (int i = 0; i < 16; i++) {
            assertThat(circuit.enter(LONG)).isTrue();
        }
        assertThat(circuit.enter(Duration.ofMillis(10))).isFalse();

        circuit.leave();
        assertThat(circuit.enter(LONG)).isTrue();
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            circuit.unanswered();
        }
    }
}
