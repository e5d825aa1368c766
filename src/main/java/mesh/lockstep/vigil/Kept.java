package mesh.lockstep.vigil;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Work that is started again whenever it ends, until it is closed.
public final class Kept implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Kept.class);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// A thread that ran for this long before it ended is restarted at once.
    private static final Duration SOUND = Duration.ofMinutes(10);

    /// A stack that overflowed has a thousand frames, and its beginning says where.
    private static final int FRAMES = 40;

    private final Duty duty;
    private final String name;
    private final Duration patience;
    private final Work work;
    private final Vigil vigil;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean resting;
    private volatile long startedAt;
    private volatile long turnedAt;

    Kept(Duty duty, String name, Duration patience, Work work, Vigil vigil) {
        this.duty = duty;
        this.name = name;
        this.patience = patience;
        this.work = work;
        this.vigil = vigil;
        nanoTime = vigil.nanoTime();
        startedAt = nanoTime.getAsLong();
        turnedAt = startedAt;
        thread = Thread.ofVirtual().name(name).unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    public Duty duty() {
        return duty;
    }

    /// That of its thread.
    public String name() {
        return name;
    }

    /// For how long it has not turned.
    public Duration silence() {
        return since(turnedAt);
    }

    /// Whether it runs, and has neither turned nor been started again for longer than it may.
    public boolean isStuck() {
        var running = Math.min(since(turnedAt).toNanos(), since(startedAt).toNanos());
        return !resting && running > patience.toNanos();
    }

    private Duration since(long moment) {
        return Duration.ofNanos(nanoTime.getAsLong() - moment);
    }

    private void keep() {
        var pause = vigil.firstPause();
        while (!closed) {
            startedAt = nanoTime.getAsLong();
            var cause = run();
            if (closed) {
                return;
            }
            if (since(startedAt).compareTo(SOUND) > 0) {
                pause = vigil.firstPause();
            }
            vigil.endedUnasked(duty);
            report(cause, pause);
            rest(pause);
            pause =
                    pause.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0
                            ? pause.multipliedBy(2)
                            : LONGEST_PAUSE;
        }
    }

    /// What ended it, whatever it was; nothing if it returned. Out of memory is the process, not
    /// this thread alone.
    private @Nullable Throwable run() {
        try {
            work.run(() -> turnedAt = nanoTime.getAsLong());
            return null;
        } catch (OutOfMemoryError e) {
            vigil.outOfMemory();
            return e;
        } catch (Throwable e) {
            return e;
        }
    }

    private void report(@Nullable Throwable cause, Duration pause) {
        if (cause != null) {
            var stack = cause.getStackTrace();
            cause.setStackTrace(Arrays.copyOf(stack, Math.min(FRAMES, stack.length)));
        }
        LOG.errorf(
                cause,
                "Thread %s ended unexpectedly; restarting it in %d ms",
                name,
                pause.toMillis());
    }

    private void rest(Duration pause) {
        resting = true;
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            // Closed, or somebody else's: the loop knows.
        } finally {
            startedAt = nanoTime.getAsLong();
            resting = false;
        }
    }

    /// Ends it without waiting.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        vigil.left(this);
    }

    /// Ends it, and waits for that.
    public void close(Duration atMost) throws InterruptedException {
        close();
        thread.join(atMost);
    }
}
