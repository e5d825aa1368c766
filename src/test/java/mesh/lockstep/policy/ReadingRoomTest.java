package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadingRoomTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final ReadingRoom room = new ReadingRoom(10 * MEBIBYTE);

    @Test
    void hasNoMoreSeatsThanItsWidthHoweverManyCome() throws InterruptedException {
        var inside = new AtomicInteger();
        var leave = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 508; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try (var _ = enter(3 * MEBIBYTE)) {
                                            inside.incrementAndGet();
                                            leave.await();
                                        } catch (InterruptedException e) {
                                            throw new AssertionError(e);
                                        }
                                    }));
        }
        await().until(() -> threads.stream().allMatch(ReadingRoomTest::waits));

        assertThat(inside).hasValue(3);
        leave.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(isFree()).isTrue();
    }

    @Test
    void givesWhatIsWiderAllOfIt() throws InterruptedException {
        try (var _ = enter(Long.MAX_VALUE / 2)) {
            assertThat(isFree()).isFalse();
        }
        assertThat(isFree()).isTrue();
    }

    @Test
    void waitsNoLongerThanItMay() throws InterruptedException {
        try (var _ = enter(10 * MEBIBYTE)) {
            assertThat(room.tryEnter(1, Deadline.in(Duration.ofMillis(1)))).isEmpty();
        }
    }

    @Test
    void nobodyOvertakes() throws InterruptedException {
        var seat = enter(MEBIBYTE);
        var wide = Thread.ofVirtual().start(() -> enterAndLeave(10 * MEBIBYTE));
        await().until(() -> wide.getState() == Thread.State.TIMED_WAITING);
        var narrow = Thread.ofVirtual().start(() -> enterAndLeave(1));
        await().until(() -> narrow.getState() == Thread.State.TIMED_WAITING);

        seat.close();
        wide.join();
        narrow.join();
    }

    @Test
    void countsNoMoreValuesThanAreMade() {
        assertThat(ReadingRoom.worst(1_000, 1)).isEqualTo(2_000 + 500 * 300);
        assertThat(ReadingRoom.worst(3 * MEBIBYTE, 1))
                .isEqualTo(6 * MEBIBYTE + 300L * StrictJson.MAX_NODES);
    }

    /// Inside until it may leave, or outside until there is a seat.
    private static boolean waits(Thread thread) {
        var state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private ReadingRoom.Seat enter(long bytes) throws InterruptedException {
        return room.tryEnter(bytes, Deadline.in(Duration.ofMinutes(5))).orElseThrow();
    }

    private void enterAndLeave(long bytes) {
        try {
            enter(bytes).close();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isFree() throws InterruptedException {
        var seat = room.tryEnter(10 * MEBIBYTE, Deadline.in(Duration.ZERO));
        seat.ifPresent(ReadingRoom.Seat::close);
        return seat.isPresent();
    }
}
