package mesh.lockstep.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Time that only goes forward, whatever happens to the machine's clock: what the clock said in the
/// beginning, plus what has elapsed since. What differs is dated by it; those who go by their own
/// clocks are told how long ago that was by ours.
public final class Timeline implements InstantSource {

    /// Clocks are read one after the other, and do not stop meanwhile.
    private static final Duration UNCHANGED = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Instant start;
    private final long startNanos;

    /// @param clock which may be set
    /// @param nanoTime like [System#nanoTime]
    public Timeline(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.start = clock.instant();
        this.startNanos = nanoTime.getAsLong();
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime.getAsLong() - startNanos);
    }

    /// By how much the clock is ahead by now, in whole seconds; negative where it was set back.
    /// Zero unless somebody has set it.
    public Duration shift() {
        var shift = Duration.between(instant(), clock.instant());
        return shift.abs().compareTo(UNCHANGED) < 0
                ? Duration.ZERO
                : Duration.ofSeconds(Math.floorDiv(shift.toMillis(), 1000L));
    }

    /// A moment that was told by a clock, by ours before a restart or another's, on this line;
    /// never in the future.
    public Instant heard(Instant told) {
        var now = instant();
        var moment = told.minus(shift());
        return moment.isAfter(now) ? now : moment;
    }
}
