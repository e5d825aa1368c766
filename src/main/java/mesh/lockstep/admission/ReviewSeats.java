package mesh.lockstep.admission;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.ReadingRoom.Seat;

/// Bounds what reviews that are read at once may take of memory: as trees they may be many times
/// what they are as bytes. Ordinary ones do not wait.
///
/// A seat is held until the answer is written, not only while the review is read: the trees live on
/// while peers are asked and differences are looked for, and otherwise the trees of all that wait
/// would not be counted.
@Singleton
public class ReviewSeats {

    /// The object, and the one before the change.
    private static final int POLICIES = 2;

    /// After so long at most, what nobody waits for any more is let go, with its bytes.
    private static final Duration LOOK = Duration.ofMillis(50);

    private final ReadingRoom room;

    public ReviewSeats() {
        this(ReadingRoom.ofHeap(8));
    }

    ReviewSeats(ReadingRoom room) {
        this.room = room;
    }

    /// Waits for a seat for half of the time that is left: the rest is for judging.
    ///
    /// @param length of the review, in bytes
    /// @throws TurnedAwayException if there is none by then, or nobody waits for it any more
    Seat take(int length, Deadline deadline) throws TurnedAwayException {
        if (length <= ReadingRoom.ORDINARY) {
            return Seat.NONE;
        }
        var half = Deadline.in(deadline.left().dividedBy(2));
        try {
            return waited(ReadingRoom.worst(length, POLICIES), half, deadline)
                    .orElseThrow(() -> new TurnedAwayException(TurnedAway.Reason.MEMORY));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TurnedAwayException(TurnedAway.Reason.MEMORY);
        }
    }

    /// Another thread waits in the line, and keeps its place there, while this one checks whether
    /// anybody still waits.
    private Optional<Seat> waited(long bytes, Deadline half, Deadline deadline)
            throws InterruptedException {
        var free = room.tryEnter(bytes, Deadline.in(Duration.ZERO));
        if (free.isPresent()) {
            return free;
        }
        var found = new AtomicReference<Optional<Seat>>(Optional.empty());
        var standing = Thread.ofVirtual().start(() -> found.set(stand(bytes, half)));
        while (!standing.join(LOOK) && !deadline.isGivenUp()) {
            // Its turn has not come.
        }
        standing.interrupt();
        standing.join();
        return found.get();
    }

    private Optional<Seat> stand(long bytes, Deadline half) {
        try {
            return room.tryEnter(bytes, half);
        } catch (InterruptedException e) {
            // Nobody waits for it any more, and this is the end of the thread.
            return Optional.empty();
        }
    }
}
