package mesh.lockstep.policy;

import java.time.Duration;

/// A moment by which something has to be over, on the clock of [System#nanoTime].
public record Deadline(long nanos) {

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Never negative.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    public boolean isPast() {
        return left().isZero();
    }
}
