package mesh.lockstep.peers;

import java.time.Duration;

/// A moment by which something has to be over, on the clock of [System#nanoTime].
record Deadline(long nanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Zero or less when it is past.
    long nanosLeft() {
        return nanos - System.nanoTime();
    }
}
