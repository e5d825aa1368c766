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
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.Peers;
import org.jspecify.annotations.Nullable;

/// Asks several peers, each on a virtual thread, and passes on their answers as they come. A peer
/// that has not answered when the time is over is [Deferred]: one that had its full time would be
/// silent.
///
/// One answer may settle it, so a few are asked first; when those have answered, or after a moment,
/// twice as many, and so on. Threads that wait for the others then are interrupted; a question that
/// is in progress goes on, since ending it would cost the connection, and the next question would
/// need a new one.
final class LiveReads implements Peers.LiveAnswers {

    static final String NO_TIME_LEFT = "no time left to wait for its answer";

    private static final int FEW = 8;
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final Function<ClusterName, LiveAnswer> question;
    private final Queue<ClusterName> unasked;
    private final SequencedMap<ClusterName, Thread> asked = new LinkedHashMap<>();
    private final BlockingQueue<LiveAnswer> answers = new LinkedBlockingQueue<>();
    private Deadline deadline;
    private boolean concluded;
    private int wave = FEW;
    private Deadline moment;

    /// @param peers in the order in which to ask them
    /// @param question reads one peer, by that deadline
    LiveReads(
            List<ClusterName> peers,
            Function<ClusterName, LiveAnswer> question,
            Deadline deadline) {
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
                            .start(() -> answers.add(question.apply(peer))));
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
    public Iterator<LiveAnswer> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !asked.isEmpty() || !unasked.isEmpty();
            }

            @Override
            public LiveAnswer next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var answer = nextInTime();
                return answer == null ? ofTheRest() : answer;
            }
        };
    }

    /// Null when the time is over, or nobody is left who may answer.
    private @Nullable LiveAnswer nextInTime() {
        try {
            while (!deadline.isPast() && !(concluded && asked.isEmpty())) {
                if (!concluded && !unasked.isEmpty() && (asked.isEmpty() || moment.isPast())) {
                    askMore();
                }
                var until = concluded || unasked.isEmpty() ? deadline : moment;
                var answer = answers.poll(until.left().toNanos(), TimeUnit.NANOSECONDS);
                if (answer != null) {
                    asked.remove(answer.peer());
                    return answer;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /// What came in the last moment still counts.
    private LiveAnswer ofTheRest() {
        for (var late = answers.poll(); late != null; late = answers.poll()) {
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
