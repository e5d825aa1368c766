package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Circuit circuit = new Circuit();

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
    void oneMoreQuestionDecidesWhenThePeerIsThereAgain() {
        open();
        circuit.tryAgain();
        assertThat(circuit.isOpen()).isFalse();
        circuit.unanswered();
        assertThat(circuit.isOpen()).isTrue();

        circuit.tryAgain();
        circuit.answered();
        circuit.unanswered();
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void wakesWhoeverLooksAfterThePeer() throws InterruptedException {
        open();

        // Would take a minute otherwise.
        circuit.awaitOpening(LONG);
        circuit.tryAgain();
        circuit.unanswered();
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
