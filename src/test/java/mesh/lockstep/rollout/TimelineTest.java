package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {

    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    private final AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final long begin = nanos.get();
    private final Timeline timeline =
            new Timeline(() -> START.plus(set.get()).plusNanos(nanos.get() - begin), nanos::get);

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "-PT1H", "-PT1M", "PT1H", "PT0.9S", "-P400D"})
    void goesOnByWhatHasGoneByWhateverIsDoneToTheClock(Duration by) {
        var seen = timeline.instant();
        set.set(by);
        pass(Duration.ofSeconds(90));

        assertThat(Duration.between(seen, timeline.instant())).isEqualTo(Duration.ofSeconds(90));
    }

    /// Readers go by the clock as it is set now, as we do.
    @ParameterizedTest
    @ValueSource(strings = {"-PT1H", "-PT1M", "PT1H", "-PT1H0.4S"})
    void tellsHowLongAgoItWasByTheClock(Duration by) {
        var seen = timeline.instant();
        set.set(by);
        pass(Duration.ofSeconds(90));

        var told = seen.plus(timeline.shift());

        assertThat(Duration.between(told, START.plus(by).plusSeconds(90)))
                .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(91));
    }

    @Test
    void takesNothingForFutureThatItHears() {
        assertThat(timeline.heard(START.plusSeconds(3600))).isEqualTo(START);
        assertThat(timeline.heard(START.minusSeconds(3600))).isEqualTo(START.minusSeconds(3600));
        set.set(Duration.ofHours(-1));

        assertThat(timeline.heard(START.minusSeconds(7200))).isEqualTo(START.minusSeconds(3600));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
