package mesh.lockstep.policy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A moment by which something has to be over, on the clock of [System#nanoTime]; or sooner, once
/// nobody waits for it any more.
///
/// @param givenUp whether nobody waits any more; asked often, by the thread that works
public record Deadline(long nanos, BooleanSupplier givenUp) {

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos(), () -> false);
    }

    /// The same, or sooner: once this says that nobody waits any more.
    public Deadline orOnce(BooleanSupplier over) {
        return new Deadline(nanos, () -> givenUp.getAsBoolean() || over.getAsBoolean());
    }

    /// The same, or sooner: after this time from now.
    public Deadline orIn(Duration time) {
        var other = System.nanoTime() + time.toNanos();
        return other - nanos < 0 ? new Deadline(other, givenUp) : this;
    }

    /// Whether nobody waits any more, however much time is left.
    public boolean isGivenUp() {
        return givenUp.getAsBoolean();
    }

    /// Never negative.
    public Duration left() {
        return isGivenUp()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    public boolean isPast() {
        return left().isZero();
    }
}
