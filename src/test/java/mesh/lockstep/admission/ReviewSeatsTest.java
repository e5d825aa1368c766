package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.ReadingRoom;
import org.junit.jupiter.api.Test;

class ReviewSeatsTest {

    private static final int LARGE = 2 * ReadingRoom.ORDINARY;
    private static final Deadline LATE = Deadline.in(Duration.ofMinutes(10));

    /// For one large review at a time.
    private final ReviewSeats seats = new ReviewSeats(new ReadingRoom(LARGE));

    @Test
    void theNextOneTakesTheSeatThatIsGivenBack() throws Exception {
        try (var reviews = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = seats.take(LARGE, LATE);
            var second = reviews.submit(() -> seats.take(LARGE, LATE));
            first.close();

            second.get().close();
        }
        seats.take(LARGE, LATE).close();
    }

    @Test
    void doesNotWaitForAClientThatHasGone() throws Exception {
        var gone = new AtomicBoolean();
        var looks = new AtomicBoolean();
        var deadline =
                LATE.orOnce(
                        () -> {
                            looks.set(true);
                            return gone.get();
                        });
        try (var reviews = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = seats.take(LARGE, LATE);
            var second = reviews.submit(() -> seats.take(LARGE, deadline));
            await().untilTrue(looks);
            gone.set(true);

            assertThatThrownBy(second::get).hasCauseInstanceOf(TurnedAwayException.class);
            first.close();
        }
        assertThat(seats.take(LARGE, LATE)).isNotNull();
    }

    @Test
    void turnsAwayARequestWithoutASeatInTime() throws Exception {
        var first = seats.take(LARGE, LATE);

        assertThatThrownBy(() -> seats.take(LARGE, Deadline.in(Duration.ofMillis(10))))
                .isInstanceOf(TurnedAwayException.class);
        first.close();
    }
}
