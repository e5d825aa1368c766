package mesh.lockstep.vigil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VigilTest {

    private final AtomicLong clock = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Vigil vigil =
            new Vigil(Duration.ofMillis(1), clock::get, () -> ended.set(true), 1);

    enum Death {
        EXCEPTION,
        OVERFLOW,
        MISSING_CLASS,
        RETURN,
        STRAY_INTERRUPT;

        void die() throws InterruptedException {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("a bug");
                case OVERFLOW -> throw new StackOverflowError();
                case MISSING_CLASS -> throw new NoClassDefFoundError("gone");
                case RETURN -> {}
                case STRAY_INTERRUPT -> Thread.currentThread().interrupt();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatDiesOfAnythingIsRestarted(Death death) {
        var starts = new AtomicInteger();
        try (var _ =
                vigil.keep(
                        Duty.WATCH,
                        "watch",
                        _ -> {
                            if (starts.incrementAndGet() < 4) {
                                death.die();
                            } else {
                                new CountDownLatch(1).await();
                            }
                        })) {
            await().until(() -> starts.get() == 4);

            assertThat(vigil.restarts(Duty.WATCH)).isEqualTo(3);
            assertThat(ended).isFalse();
        }
    }

    @Test
    void runningOutOfMemoryEndsTheProcess() {
        try (var _ =
                vigil.keep(
                        Duty.WATCH,
                        "watch",
                        _ -> {
                            throw new OutOfMemoryError();
                        })) {
            await().untilTrue(ended);
        }
    }

    @Test
    void whatIsClosedEndsAndIsForgotten() throws InterruptedException {
        var running = new CountDownLatch(1);
        var kept =
                vigil.keep(
                        Duty.DRIFT,
                        "drift",
                        _ -> {
                            running.countDown();
                            new CountDownLatch(1).await();
                        });
        running.await();

        kept.close(Duration.ofSeconds(10));

        assertThat(vigil.silence(Duty.DRIFT)).isEmpty();
        assertThat(vigil.restarts(Duty.DRIFT)).isZero();
    }

    @Test
    void aThreadThatDoesNotTurnForMinutesIsStuckAndTheProcessNoLongerAlive()
            throws InterruptedException {
        var health = new VigilHealth(vigil);
        var turned = new CountDownLatch(1);
        try (var drift =
                vigil.keep(
                        Duty.DRIFT,
                        "drift",
                        heartbeat -> {
                            heartbeat.beat();
                            turned.countDown();
                            new CountDownLatch(1).await();
                        })) {
            turned.await();
            pass(Duration.ofMinutes(9));
            assertThat(drift.isStuck()).isFalse();
            assertThat(health.call().getStatus()).isEqualTo(Status.UP);

            pass(Duration.ofMinutes(2));

            assertThat(drift.isStuck()).isTrue();
            assertThat(vigil.stuck(Duty.DRIFT)).containsExactly(drift);
            assertThat(health.call().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.call().getData().orElseThrow())
                    .containsEntry("drift", "last turn 660 s ago");
        }
        assertThat(health.call().getStatus()).isEqualTo(Status.UP);
    }

    /// One peer's trouble is told by that peer; restarting would make it everybody's.
    @Test
    void aStuckWatchIsNotAReasonToRestart() throws InterruptedException {
        var begun = new CountDownLatch(1);
        try (var watch =
                vigil.keep(
                        Duty.WATCH,
                        "watch",
                        _ -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                        })) {
            begun.await();
            pass(Duration.ofHours(1));

            assertThat(watch.isStuck()).isTrue();
            assertThat(new VigilHealth(vigil).call().getStatus()).isEqualTo(Status.UP);
        }
    }

    /// The next process would fail at the same thing, and judge nothing meanwhile.
    @Test
    void whoFailsAgainAndAgainIsNotStuck() {
        var starts = new AtomicInteger();
        try (var drift =
                vigil.keep(
                        Duty.DRIFT,
                        "drift",
                        _ -> {
                            starts.incrementAndGet();
                            throw new IllegalStateException("again");
                        })) {
            await().until(() -> starts.get() > 2);
            pass(Duration.ofHours(1));
            var before = starts.get();
            await().until(() -> starts.get() > before + 1);

            assertThat(drift.isStuck()).isFalse();
            assertThat(drift.silence()).isEqualTo(Duration.ofHours(1));
            assertThat(new VigilHealth(vigil).call().getStatus()).isEqualTo(Status.UP);
        }
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
