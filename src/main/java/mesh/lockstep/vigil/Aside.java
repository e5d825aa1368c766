package mesh.lockstep.vigil;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Does what a file system may never finish (a link to a device, a network that is gone) on a
/// thread that can be left behind: a platform thread, since it may be beyond any interrupt.
public final class Aside {

    /// Threads left behind at once, beyond which nothing is tried any more.
    static final int MOST_LEFT = 16;

    private final String name;

    /// By what they were to do.
    private final Map<Object, ExecutorService> left = new HashMap<>();

    private ExecutorService worker;

    /// @param name of the thread
    public Aside(String name) {
        this.name = name;
        worker = worker();
    }

    private ExecutorService worker() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }

    /// One task at a time.
    ///
    /// @param what the task is about: while one that was not finished in time still runs, no other
    ///   about the same is begun
    /// @throws TimeoutException if it is not finished in time, or not begun
    public synchronized <T> T within(Duration atMost, Object what, Callable<T> task)
            throws IOException, TimeoutException, InterruptedException {
        left.values().removeIf(ExecutorService::isTerminated);
        if (left.containsKey(what) || left.size() >= MOST_LEFT) {
            throw new TimeoutException();
        }
        try {
            return worker.submit(task).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            leave(what);
            throw e;
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case IOException cause -> cause;
                case Error cause -> throw cause;
                case null, default -> new IOException(e.getCause());
            };
        }
    }

    /// What can be interrupted ends soon.
    private void leave(Object what) {
        worker.shutdownNow();
        left.put(what, worker);
        worker = worker();
    }
}
