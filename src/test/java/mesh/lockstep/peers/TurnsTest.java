package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Duration SLOW = Duration.ofSeconds(5);

    private final Turns turns = new Turns();
    private final AtomicInteger listing = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void end() {
        end.countDown();
    }

    @Test
    void fourListAtOnceHoweverManyWantTo() throws InterruptedException {
        start(20, QUICK);

        await().until(() -> listing.get() == Turns.AT_ONCE);
        end.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(Turns.AT_ONCE);
    }

    @Test
    void theSlowLeaveATurnToTheQuick() {
        start(20, SLOW);
        await().until(() -> listing.get() == Turns.AT_ONCE - 1);

        start(1, QUICK);

        await().until(() -> listing.get() == Turns.AT_ONCE);
    }

    /// They have a turn of the slow already, and wait for one of all.
    @Test
    void aThreadInterruptedWhileWaitingKeepsNoTurn() throws InterruptedException {
        start(Turns.AT_ONCE, QUICK);
        await().until(() -> listing.get() == Turns.AT_ONCE);
        start(Turns.AT_ONCE - 1, SLOW);
        await().until(
                        () ->
                                threads.stream()
                                        .skip(Turns.AT_ONCE)
                                        .allMatch(
                                                it -> it.getState() == Thread.State.TIMED_WAITING));
        for (var thread : threads) {
            thread.interrupt();
            thread.join();
        }
        threads.clear();

        start(20, SLOW);
        await().until(() -> listing.get() == Turns.AT_ONCE - 1);
    }

    @Test
    void aPeerThatGetsNoTurnKeepsNone() throws InterruptedException {
        start(Turns.AT_ONCE, QUICK);
        await().until(() -> listing.get() == Turns.AT_ONCE);
        var peer = turns.visitor();
        assertThat(peer.tryTake(SLOW)).isEmpty();

        end.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(peer.tryTake(SLOW)).isPresent();
    }

    /// Its two kinds one after the other.
    @Test
    void aPeerHasOneTurnAtATime() throws InterruptedException {
        var peer = turns.visitor();
        try (var _ = peer.take(QUICK, () -> {})) {
            assertThat(peer.tryTake(QUICK)).isEmpty();
            assertThat(turns.visitor().tryTake(QUICK)).isPresent();
        }
        assertThat(peer.tryTake(QUICK)).isPresent();
    }

    @Test
    void thisClusterWaitsForNobody() throws InterruptedException {
        start(20, QUICK);
        await().until(() -> listing.get() == Turns.AT_ONCE);

        assertThat(turns.visitor().tryTake(QUICK)).isEmpty();
        assertThat(turns.own().tryTake(QUICK)).isPresent();
    }

    @Test
    void whoeverUsesItsTimeUpIsSlowNextTime() throws InterruptedException {
        var impatient = new Turns(Duration.ZERO, SLOW);
        var peers = new ArrayList<Turns.Visitor>();
        for (int i = 0; i < Turns.AT_ONCE; i++) {
            peers.add(impatient.visitor());
            peers.getLast().take(QUICK, () -> {}).close();
        }

        for (var peer : peers.subList(1, Turns.AT_ONCE)) {
            assertThat(peer.tryTake(QUICK)).isPresent();
        }
        assertThat(peers.getFirst().tryTake(QUICK)).isEmpty();
        assertThat(impatient.visitor().tryTake(QUICK)).isPresent();
    }

    @Test
    void whoeverListsInTimeAgainIsQuickAgain() throws InterruptedException {
        var quick = Duration.ofSeconds(2);
        var peer = new Turns(quick, SLOW).visitor();
        try (var turn = peer.take(QUICK, () -> {})) {
            await().until(() -> turn.until().isPast());
        }

        try (var turn = peer.take(QUICK, () -> {})) {
            assertThat(turn.until().left()).isGreaterThan(quick);
        }
        try (var turn = peer.take(QUICK, () -> {})) {
            assertThat(turn.until().left()).isLessThanOrEqualTo(quick);
        }
    }

    @Test
    void theQuickHaveTwentySecondsAndTheSlowFiveMinutes() throws InterruptedException {
        assertThat(turns.visitor().take(QUICK, () -> {}).until().left())
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(turns.visitor().take(SLOW, () -> {}).until().left())
                .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    @Test
    void theMoreMembersTheWiderTheSpread() {
        var pace = Pace.ordinary(Duration.ofSeconds(60));
        assertThat(turns.spread(pace)).isLessThanOrEqualTo(Duration.ofNanos(1));

        turns.members(254);
        var longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            var spread = turns.spread(pace);
            longest = spread.compareTo(longest) > 0 ? spread : longest;
        }
        assertThat(longest).isBetween(Duration.ofSeconds(9), pace.apart().multipliedBy(254));

        turns.members(100_000);
        assertThat(turns.spread(pace)).isLessThan(pace.watch());
    }

    private void start(int number, Duration latency) {
        for (int i = 0; i < number; i++) {
            threads.add(Thread.ofVirtual().start(() -> list(latency)));
        }
    }

    private void list(Duration latency) {
        try (var _ = turns.visitor().take(latency, () -> {})) {
            most.accumulateAndGet(listing.incrementAndGet(), Math::max);
            try {
                end.await();
            } finally {
                listing.decrementAndGet();
            }
        } catch (InterruptedException e) {
            // Its turn ends.
        }
    }
}
