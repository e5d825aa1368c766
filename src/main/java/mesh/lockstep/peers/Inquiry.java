package mesh.lockstep.peers;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.Silent;
import org.jspecify.annotations.Nullable;

/// Asks several peers at once, each on a virtual thread, and gives their testimonies as they come.
/// Who has not answered when the time is over is [Silent]. Closing it stops those still waiting.
final class Inquiry implements Peers.Testimonies {

    private final BlockingQueue<Testimony> testimonies = new LinkedBlockingQueue<>();
    private final Map<ClusterName, Thread> waiting = new LinkedHashMap<>();
    private final long deadline;

    /// @param question reads one peer; interrupted when its answer is not wanted any more
    Inquiry(List<ClusterName> peers, Function<ClusterName, Testimony> question, Duration atMost) {
        deadline = System.nanoTime() + atMost.toNanos();
        for (var peer : peers) {
            var name = "ask-" + peer;
            waiting.put(
                    peer,
                    Thread.ofVirtual()
                            .name(name)
                            .start(() -> testimonies.add(question.apply(peer))));
        }
    }

    @Override
    public Iterator<Testimony> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !waiting.isEmpty();
            }

            @Override
            public Testimony next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var testimony = nextInTime();
                if (testimony == null) {
                    testimony = new Silent(waiting.keySet().iterator().next(), "no answer in time");
                }
                var thread = waiting.remove(testimony.view().peer());
                if (thread != null) {
                    thread.interrupt();
                }
                return testimony;
            }
        };
    }

    private @Nullable Testimony nextInTime() {
        try {
            return testimonies.poll(
                    Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        waiting.values().forEach(Thread::interrupt);
    }
}
