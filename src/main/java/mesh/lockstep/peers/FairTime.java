package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// How long a peer has for an answer. Time in which we had no processor to notice it is ours, not
/// the peer's: it is waited for in many short waits, and of one that lasted longer than it should,
/// only what it should have lasted counts.
record FairTime(Duration time) {

    private static final int WAITS = 20;
    private static final int LONGEST = 10;

    interface Request<T> {
        T send() throws InterruptedException;
    }

    interface Wait {
        /// Waits.
        ///
        /// @return whether what is waited for has come
        boolean atMost(Duration time) throws InterruptedException;
    }

    /// However seldom we are there to look, no request takes longer.
    Duration longest() {
        return time.multipliedBy(LONGEST);
    }

    /// Sends a request on a thread of its own, which is interrupted when the time is over.
    ///
    /// @return empty if nothing came of it in time
    <T> Optional<T> await(Request<T> request) throws InterruptedException {
        var result = new AtomicReference<T>();
        var thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        result.set(request.send());
                                    } catch (InterruptedException e) {
                                        // Nobody waits for it any more.
                                    }
                                });
        try {
            var _ = lasts(thread::join);
            return Optional.ofNullable(result.get());
        } finally {
            thread.interrupt();
        }
    }

    /// Waits for what takes as long as a peer may.
    ///
    /// @return whether it came in time
    boolean lasts(Wait wait) throws InterruptedException {
        for (int i = 0; i < WAITS; i++) {
            if (wait.atMost(time.dividedBy(WAITS))) {
                return true;
            }
        }
        return false;
    }
}
