package mesh.lockstep.peers;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before the next attempt: twice as long each time, up to a quarter of a minute.
/// Half of it is chance, so that many who lost the same peer do not come back as one.
///
/// For one thread.
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private Duration next = FIRST;

    void pause() throws InterruptedException {
        var half = next.dividedBy(2);
        next = next.compareTo(LONGEST.dividedBy(2)) < 0 ? next.multipliedBy(2) : LONGEST;
        Thread.sleep(half.plusNanos(ThreadLocalRandom.current().nextLong(half.toNanos())));
    }

    void reset() {
        next = FIRST;
    }
}
