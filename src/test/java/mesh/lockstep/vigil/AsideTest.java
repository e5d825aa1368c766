package mesh.lockstep.vigil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsideTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Aside aside = new Aside("aside");
    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void answer() {
        answered.countDown();
    }

    @Test
    void givesWhatWasDone() throws Exception {
        assertThat(aside.within(LONG, "a", () -> 1)).isOne();
        assertThatThrownBy(
                        () ->
                                aside.within(
                                        LONG,
                                        "a",
                                        () -> {
                                            throw new NoSuchFileException("a");
                                        }))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(
                        () ->
                                aside.within(
                                        LONG,
                                        "a",
                                        () -> {
                                            throw new IllegalStateException("a bug");
                                        }))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    /// As a file on a network that is gone: no interrupt reaches it.
    @Test
    void whatNeverAnswersIsLeftBehindAndNotBegunAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> aside.within(SOON, "gone", this::endure))
                    .isInstanceOf(TimeoutException.class);
        }

        assertThat(begun).hasValue(1);
        assertThat(aside.within(LONG, "other", () -> 1)).isOne();

        answered.countDown();

        await().until(() -> aside.within(LONG, "gone", this::endure) == 2);
    }

    @Test
    void leavesNoMoreThanAFewThreadsBehind() {
        for (int i = 0; i < 3 * Aside.MOST_LEFT; i++) {
            var what = i;
            assertThatThrownBy(() -> aside.within(SOON, what, this::endure))
                    .isInstanceOf(TimeoutException.class);
        }

        assertThat(begun).hasValue(Aside.MOST_LEFT);
    }

    private int endure() {
        var number = begun.incrementAndGet();
        while (answered.getCount() > 0) {
            try {
                answered.await();
            } catch (InterruptedException e) {
                // Not this one.
            }
        }
        return number;
    }
}
