package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void isPastWhenItsTimeIsOver() {
        assertThat(Deadline.in(Duration.ZERO).isPast()).isTrue();
        assertThat(Deadline.in(LONG).isPast()).isFalse();
        assertThat(Deadline.in(LONG).left()).isBetween(LONG.dividedBy(2), LONG);
    }

    @Test
    void isPastAsSoonAsNobodyWaitsAnyMore() {
        var gone = new AtomicBoolean();
        var deadline = Deadline.in(LONG).orOnce(gone::get).orIn(LONG.dividedBy(2));
        assertThat(deadline.isPast()).isFalse();

        gone.set(true);

        assertThat(deadline.isPast()).isTrue();
        assertThat(deadline.left()).isZero();
    }

    @Test
    void isTheSoonerOfTwo() {
        assertThat(Deadline.in(LONG).orIn(Duration.ZERO).isPast()).isTrue();
        assertThat(Deadline.in(Duration.ZERO).orIn(LONG).isPast()).isTrue();
    }
}
