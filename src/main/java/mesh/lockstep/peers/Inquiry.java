package mesh.lockstep.peers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.Deferred;
import org.jspecify.annotations.Nullable;

/// Asks several peers, each on a virtual thread, and passes on their testimonies as they come. A
/// peer that has not answered when the time is over is [Deferred]: one that had its full time would
/// be silent.
///
/// One answer may settle it, so a few are asked first; when those have answered, or after a moment,
/// twice as many, and so on. Threads that wait for the others then are interrupted; a question that
/// is in progress goes on, since ending it would cost the connection, and the next question would
/// need a new one.
final class Inquiry implements Peers.Testimonies {

    static final String NO_TIME_LEFT = "no time left to wait for its answer";

    private static final int FEW = 8;
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final Function<ClusterName, Testimony> question;
    private final Queue<ClusterName> unasked;
    private final SequencedMap<ClusterName, Thread> asked = new LinkedHashMap<>();
    private final BlockingQueue<Testimony> testimonies = new LinkedBlockingQueue<>();
    private Deadline deadline;
    private boolean concluded;
    private int wave = FEW;
    private Deadline moment;

    /// @param peers in the order in which to ask them
    /// @param question reads one peer, by that deadline
    Inquiry(List<ClusterName> peers, Function<ClusterName, Testimony> question, Deadline deadline) {
        this.question = question;
        this.deadline = deadline;
        unasked = new ArrayDeque<>(peers);
        moment = Deadline.in(MOMENT);
        askMore();
    }

    private void askMore() {
        for (int i = 0; i < wave && !unasked.isEmpty(); i++) {
            var peer = unasked.remove();
            asked.put(
                    peer,
                    Thread.ofVirtual()
                            .name("await-" + peer)
                            .start(() -> testimonies.add(question.apply(peer))));
        }
        wave *= 2;
        moment = Deadline.in(MOMENT);
    }

    @Override
    public void conclude() {
        if (!concluded) {
            concluded = true;
            deadline = deadline.orIn(MOMENT);
        }
    }

    @Override
    public Iterator<Testimony> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !asked.isEmpty() || !unasked.isEmpty();
            }

            @Override
            public Testimony next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var testimony = nextInTime();
                return testimony == null ? ofTheRest() : testimony;
            }
        };
    }

    /// Null when the time is over, or nobody is left who may answer.
    private @Nullable Testimony nextInTime() {
        try {
            while (!deadline.isPast() && !(concluded && asked.isEmpty())) {
                if (!concluded && !unasked.isEmpty() && (asked.isEmpty() || moment.isPast())) {
                    askMore();
                }
                var until = concluded || unasked.isEmpty() ? deadline : moment;
                var testimony = testimonies.poll(until.left().toNanos(), TimeUnit.NANOSECONDS);
                if (testimony != null) {
                    asked.remove(testimony.peer());
                    return testimony;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /// What came in the last moment still counts.
    private Testimony ofTheRest() {
        for (var late = testimonies.poll(); late != null; late = testimonies.poll()) {
            if (asked.remove(late.peer()) != null) {
                return late;
            }
        }
        if (asked.isEmpty()) {
            return new Deferred(unasked.remove(), NO_TIME_LEFT);
        }
        var next = asked.pollFirstEntry();
        next.getValue().interrupt();
        return new Deferred(next.getKey(), NO_TIME_LEFT);
    }

    @Override
    public void close() {
        unasked.clear();
        asked.values().forEach(Thread::interrupt);
    }
}
