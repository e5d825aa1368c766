package mesh.lockstep.peers;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Limits what a peer that does not answer can cost: a few questions at once, and none after some
/// have been left unanswered, until one is answered.
final class Circuit {

    private static final int AT_ONCE = 16;
    private static final int UNANSWERED = 3;

    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Semaphore opened = new Semaphore(0);
    private final LongSupplier nanoTime;

    /// When the first question was asked after the last answer.
    private volatile @Nullable Long owedSince;

    Circuit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isOpen() {
        return unanswered.get() >= UNANSWERED;
    }

    /// Waits for a place.
    ///
    /// @return whether there is one in time, to be given back by [#leave]
    boolean enter(Duration atMost) throws InterruptedException {
        if (!places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        if (owedSince == null) {
            owedSince = nanoTime.getAsLong();
        }
        return true;
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
        owedSince = null;
    }

    /// Whether the last question was left unanswered.
    boolean leftUnanswered() {
        return unanswered.get() > 0;
    }

    /// For how long the peer has owed us an answer; zero if it owes none.
    Duration owing() {
        var since = owedSince;
        return since == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - since);
    }

    /// Waits, but not beyond the moment at which the circuit opens.
    void awaitOpening(Duration atMost) throws InterruptedException {
        if (opened.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            opened.drainPermits();
        }
    }
}
