package mesh.lockstep.peers;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Whose turn it is to list: four peers at most at once, however many there are. Their pages are
/// what takes memory.
///
/// Those who are slow to answer have at most three of the four turns between them, so that one is
/// left for the quick.
final class Turns {

    static final int AT_ONCE = 4;
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final Semaphore all = new Semaphore(AT_ONCE, true);
    private final Semaphore slow = new Semaphore(AT_ONCE - 1, true);
    private volatile int members;

    interface Turn extends AutoCloseable {

        @Override
        void close();
    }

    /// How many peers there are.
    void members(int number) {
        members = number;
    }

    /// How long to wait before listing, by chance: the more members there are, the more of them
    /// lose a peer in the same moment.
    Duration spread(Pace pace) {
        var widest = pace.apart().multipliedBy(members);
        return Chance.upTo(widest.compareTo(pace.watch()) < 0 ? widest : pace.watch());
    }

    /// Waits for a turn, to be given back by closing it.
    ///
    /// @param latency how long the peer took to answer a small question
    Turn take(Duration latency) throws InterruptedException {
        if (latency.compareTo(SLOW) < 0) {
            all.acquire();
            return all::release;
        }
        slow.acquire();
        try {
            all.acquire();
        } catch (InterruptedException e) {
            slow.release();
            throw e;
        }
        return () -> {
            all.release();
            slow.release();
        };
    }
}
