package mesh.lockstep.peers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Heartbeat;

/// Whose turn it is to list: at most four peers at once, however many there are, and each one kind
/// after the other. Their pages are what takes memory.
///
/// Slow peers have at most three of the four turns between them, so that one is left for quick
/// ones. A peer that seems quick has twenty seconds; one that uses them up counts as slow next
/// time.
final class Turns {

    static final int AT_ONCE = 4;

    /// To answer a small question.
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final Semaphore all = new Semaphore(AT_ONCE, true);
    private final Semaphore slow = new Semaphore(AT_ONCE - 1, true);
    private final Duration quickTurn;
    private final Duration slowTurn;
    private volatile int members;

    Turns() {
        this(Duration.ofSeconds(20), Duration.ofMinutes(5));
    }

    /// @param quickTurn how long a list may take for a peer that seems quick
    /// @param slowTurn the same of the slow
    Turns(Duration quickTurn, Duration slowTurn) {
        this.quickTurn = quickTurn;
        this.slowTurn = slowTurn;
    }

    /// A turn to list, given back by closing it.
    interface Turn extends AutoCloseable {

        /// By when the list has to be there.
        Deadline until();

        @Override
        void close();
    }

    /// How many peers there are.
    void members(int number) {
        members = number;
    }

    /// How long to wait before listing, at random: the more members there are, the more of them
    /// lose a peer at the same moment.
    Duration spread(Pace pace) {
        var widest = pace.apart().multipliedBy(members);
        return Chance.upTo(widest.compareTo(pace.watch()) < 0 ? widest : pace.watch());
    }

    /// For a peer.
    Visitor visitor() {
        return new Visitor(true);
    }

    /// For this cluster itself, which waits for nobody.
    Visitor own() {
        return new Visitor(false);
    }

    /// One that lists.
    final class Visitor {

        private final Semaphore one = new Semaphore(1, true);
        private final boolean waits;
        private volatile boolean usedItsTimeUp;

        private Visitor(boolean waits) {
            this.waits = waits;
        }

        /// Waits for a turn.
        ///
        /// @param latency how long the peer took to answer a small question
        /// @param turned beats while waiting: the others may take long
        Turn take(Duration latency, Heartbeat turned) throws InterruptedException {
            var taken = new ArrayDeque<Semaphore>();
            try {
                for (var gate : gates(latency)) {
                    while (!gate.tryAcquire(quickTurn.toNanos(), TimeUnit.NANOSECONDS)) {
                        turned.beat();
                    }
                    taken.push(gate);
                }
            } catch (InterruptedException e) {
                taken.forEach(Semaphore::release);
                throw e;
            }
            return turn(latency, taken);
        }

        /// A turn that nobody waits for; empty if there is none just now.
        Optional<Turn> tryTake(Duration latency) {
            var taken = new ArrayDeque<Semaphore>();
            for (var gate : gates(latency)) {
                if (!gate.tryAcquire()) {
                    taken.forEach(Semaphore::release);
                    return Optional.empty();
                }
                taken.push(gate);
            }
            return Optional.of(turn(latency, taken));
        }

        /// In the order in which all take them.
        private List<Semaphore> gates(Duration latency) {
            if (!waits) {
                return List.of(one);
            }
            return isSlow(latency) ? List.of(one, slow, all) : List.of(one, all);
        }

        private boolean isSlow(Duration latency) {
            return usedItsTimeUp || latency.compareTo(SLOW) >= 0;
        }

        private Turn turn(Duration latency, Collection<Semaphore> taken) {
            var until = Deadline.in(isSlow(latency) || !waits ? slowTurn : quickTurn);
            var late = Deadline.in(quickTurn);
            return new Turn() {
                @Override
                public Deadline until() {
                    return until;
                }

                @Override
                public void close() {
                    usedItsTimeUp = late.isPast();
                    taken.forEach(Semaphore::release);
                }
            };
        }
    }
}
