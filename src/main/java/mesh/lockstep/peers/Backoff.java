package mesh.lockstep.peers;

import java.time.Duration;

/// How long to wait before the next attempt: twice as long each time, up to the longest. Half of it
/// is chance, so that many who lost the same peer do not come back as one.
///
/// For one thread.
final class Backoff {

    /// Whatever a peer wants, it is tried again after a minute.
    private static final Duration MOST_OBEYED = Duration.ofMinutes(1);

    private final Duration first;
    private final Duration longest;
    private Duration next;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        next = first;
    }

    void pause() throws InterruptedException {
        pause(Duration.ZERO);
    }

    /// @param atLeast as the peer wants it, within reason
    void pause(Duration atLeast) throws InterruptedException {
        Thread.sleep(taken(atLeast));
    }

    /// The next pause.
    Duration taken(Duration atLeast) {
        var half = next.dividedBy(2);
        next = next.compareTo(longest.dividedBy(2)) < 0 ? next.multipliedBy(2) : longest;
        var own = half.plus(Chance.upTo(half));
        var asked = atLeast.compareTo(MOST_OBEYED) < 0 ? atLeast : MOST_OBEYED;
        return own.compareTo(asked) > 0 ? own : asked.plus(Chance.upTo(half));
    }

    void reset() {
        next = first;
    }
}
