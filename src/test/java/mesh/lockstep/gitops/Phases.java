package mesh.lockstep.gitops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import mesh.lockstep.support.ClusterApi;

/// Has something done for each cluster every five seconds, in a phase of its own. With equal phases
/// all would see the same commits at the same moment, and nothing would ever come of it.
final class Phases implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final List<Thread> threads = new ArrayList<>();

    Phases(Collection<ClusterApi> clusters, Consumer<ClusterApi> turn) {
        var phase = Duration.ZERO;
        for (var cluster : clusters) {
            var first = phase;
            threads.add(Thread.ofVirtual().start(() -> repeat(first, () -> turn.accept(cluster))));
            phase = phase.plus(INTERVAL.dividedBy(clusters.size()));
        }
    }

    private static void repeat(Duration phase, Runnable turn) {
        try {
            Thread.sleep(phase);
            while (true) {
                turn.run();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Over when nothing is in progress.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
