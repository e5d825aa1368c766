package mesh.lockstep.peers;

import java.time.Duration;

/// A moment by which something has to be over, on the clock of [System#nanoTime].
record Deadline(long nanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Never negative.
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean isPast() {
        return left().isZero();
    }
}
