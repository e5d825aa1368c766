package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Asks many clusters, a few at a time.
final class Few {

    private static final int AT_ONCE = 8;

    private Few() {}

    /// What is done for each.
    interface Work<T, R> {
        R of(T each) throws InterruptedException;
    }

    /// The results, in the order of what they are of.
    static <T, R> List<R> each(List<T> all, Work<T, R> work) {
        var places = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pending = new ArrayList<Future<R>>();
            for (var each : all) {
                pending.add(threads.submit(() -> inPlace(places, work, each)));
            }
            var results = new ArrayList<R>();
            for (var result : pending) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T, R> R inPlace(Semaphore places, Work<T, R> work, T each)
            throws InterruptedException {
        places.acquire();
        try {
            return work.of(each);
        } finally {
            places.release();
        }
    }
}
