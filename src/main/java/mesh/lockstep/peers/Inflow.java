package mesh.lockstep.peers;

import java.util.function.LongSupplier;

/// How much of what happens in a peer can be followed: a burst of 64 MiB, and 2 MiB a second in the
/// long run. An event counts 2 KiB besides what it is long, for the work that it makes: some 900
/// small ones a second.
///
/// For one thread.
final class Inflow {

    static final long BURST = 64L * 1024 * 1024;
    static final long EACH_SECOND = 2L * 1024 * 1024;
    static final long EVENT = 2048;

    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final int times;
    private double left;
    private long lookedAt;

    Inflow(LongSupplier nanoTime) {
        this(nanoTime, 1);
    }

    /// @param times as much can be followed
    Inflow(LongSupplier nanoTime, int times) {
        this.nanoTime = nanoTime;
        this.times = times;
        left = (double) BURST * times;
        lookedAt = nanoTime.getAsLong();
    }

    /// Whether there is room for another event, which is taken.
    ///
    /// @param size in bytes
    boolean takes(int size) {
        long now = nanoTime.getAsLong();
        giveBack((now - lookedAt) / NANOS * EACH_SECOND * times);
        lookedAt = now;
        if (left < EVENT + size) {
            return false;
        }
        left -= EVENT + size;
        return true;
    }

    /// As if this much had not been taken.
    ///
    /// @param size in bytes
    void giveBack(double size) {
        left = Math.min((double) BURST * times, left + size);
    }
}
