package mesh.lockstep.peers;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Spreads what many would do at once.
final class Chance {

    private Chance() {}

    /// Any time from zero on, shorter than that.
    static Duration upTo(Duration most) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(Math.max(1, most.toNanos())));
    }
}
