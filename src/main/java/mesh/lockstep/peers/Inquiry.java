package mesh.lockstep.peers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.Silent;
import org.jspecify.annotations.Nullable;

/// Asks several peers, each on a virtual thread, and gives their testimonies as they come. Who has
/// not answered when the time is over is [Silent].
///
/// One answer may settle it, so a few are asked first; when those have answered, or after a moment,
/// twice as many, and so on. Whom nobody waits for any more is not interrupted: that would cost the
/// connection, and the next question a new one.
final class Inquiry implements Peers.Testimonies {

    private static final int FEW = 8;
    private static final Duration MOMENT = Duration.ofMillis(50);

    private final Function<ClusterName, Testimony> question;
    private final Queue<ClusterName> unasked;
    private final Set<ClusterName> asked = new LinkedHashSet<>();
    private final BlockingQueue<Testimony> testimonies = new LinkedBlockingQueue<>();
    private final Deadline deadline;
    private int wave = FEW;
    private Deadline moment;

    /// @param peers in the order in which to ask them
    /// @param question reads one peer, within that time
    Inquiry(List<ClusterName> peers, Function<ClusterName, Testimony> question, Deadline deadline) {
        this.question = question;
        unasked = new ArrayDeque<>(peers);
        this.deadline = deadline;
        moment = Deadline.in(MOMENT);
        askMore();
    }

    private void askMore() {
        for (int i = 0; i < wave && !unasked.isEmpty(); i++) {
            var peer = unasked.remove();
            asked.add(peer);
            Thread.ofVirtual()
                    .name("ask-" + peer)
                    .start(() -> testimonies.add(question.apply(peer)));
        }
        wave *= 2;
        moment = Deadline.in(MOMENT);
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
                if (testimony == null) {
                    asked.addAll(unasked);
                    unasked.clear();
                    testimony = new Silent(asked.iterator().next(), "no answer in time");
                }
                asked.remove(testimony.view().peer());
                return testimony;
            }
        };
    }

    private @Nullable Testimony nextInTime() {
        try {
            while (true) {
                if (!unasked.isEmpty() && (asked.isEmpty() || moment.isPast())) {
                    askMore();
                }
                var until = unasked.isEmpty() ? deadline : moment;
                var testimony = testimonies.poll(until.left().toNanos(), TimeUnit.NANOSECONDS);
                if (testimony != null || deadline.isPast()) {
                    return testimony;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        unasked.clear();
    }
}
