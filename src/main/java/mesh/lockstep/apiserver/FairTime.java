package mesh.lockstep.apiserver;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// How long a peer has for an answer, and more for a long one. Time in which we had no processor to
/// notice it is ours, not the peer's: it is waited for in many short waits, and of one that lasted
/// longer than it should, only what it should have lasted counts. Ours is also the time in which we
/// work on what has come, or wait for room to do so.
public record FairTime(Duration time) {

    private static final int WAITS = 20;
    private static final int LONGEST = 10;

    public interface Request<T> {
        T send(Clock clock) throws InterruptedException;
    }

    interface Wait {
        /// Waits.
        ///
        /// @return whether what is waited for has come
        boolean atMost(Duration time) throws InterruptedException;
    }

    interface Work<T> {
        T done() throws IOException, InterruptedException;
    }

    /// Tells of one request whose time it is. Written by the thread that sends it.
    public static final class Clock {

        private volatile boolean stopped;
        private final AtomicLong bytes = new AtomicLong();

        /// A piece of the answer is here.
        void came(int length) {
            bytes.addAndGet(length);
        }

        /// Stands still while we work on the answer.
        <T> T stoppedDuring(Work<T> work) throws IOException, InterruptedException {
            stopped = true;
            try {
                return work.done();
            } finally {
                stopped = false;
            }
        }

        private Duration forBytes() {
            return Intake.LONGEST.multipliedBy(bytes.get()).dividedBy(Intake.LARGEST);
        }
    }

    /// However seldom we are there to look, no request takes longer.
    public Duration longest() {
        return time.multipliedBy(LONGEST);
    }

    /// Sends a request on a thread of its own, which is interrupted when the time is over.
    ///
    /// @return empty if nothing came of it in time
    public <T> Optional<T> await(Request<T> request) throws InterruptedException {
        var result = new AtomicReference<T>();
        var clock = new Clock();
        var thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        result.set(request.send(clock));
                                    } catch (InterruptedException e) {
                                        // Nobody waits for it any more.
                                    }
                                });
        try {
            var _ = lasts(thread::join, clock);
            return Optional.ofNullable(result.get());
        } finally {
            thread.interrupt();
        }
    }

    /// Waits for what takes as long as a peer may.
    ///
    /// @return whether it came in time
    boolean lasts(Wait wait, Clock clock) throws InterruptedException {
        var each = time.dividedBy(WAITS);
        for (var had = Duration.ZERO; had.compareTo(time.plus(clock.forBytes())) < 0; ) {
            if (wait.atMost(each)) {
                return true;
            }
            had = clock.stopped ? had : had.plus(each);
        }
        return false;
    }
}
