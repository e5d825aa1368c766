package mesh.lockstep.peers;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Limits what a peer that does not answer can cost: a few questions at once, and none after some
/// have been left unanswered, until it is heard of again.
final class Circuit {

    private static final int AT_ONCE = 16;
    private static final int UNANSWERED = 3;

    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Semaphore opened = new Semaphore(0);

    boolean isOpen() {
        return unanswered.get() >= UNANSWERED;
    }

    /// Waits for a place.
    ///
    /// @return whether there is one in time, to be given back by [#leave]
    boolean enter(Duration atMost) throws InterruptedException {
        return places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    void leave() {
        places.release();
    }

    /// The peer left a question unanswered.
    void unanswered() {
        var now = unanswered.updateAndGet(it -> Math.min(it + 1, UNANSWERED));
        if (now == UNANSWERED) {
            opened.release();
        }
    }

    /// The peer answered, whatever it said.
    void answered() {
        unanswered.set(0);
    }

    /// The peer is there: if the circuit is open, one more question may be asked. Whether that is
    /// answered decides.
    void tryAgain() {
        unanswered.compareAndSet(UNANSWERED, UNANSWERED - 1);
    }

    /// Waits, but not beyond the moment at which the circuit opens.
    void awaitOpening(Duration atMost) throws InterruptedException {
        if (opened.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            opened.drainPermits();
        }
    }
}
