package mesh.lockstep.admission;

import jakarta.inject.Singleton;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.ReadingRoom.Seat;

/// Bounds what reviews that are read at once may take of memory: as trees they may be many times
/// what they are as bytes. Ordinary ones do not wait.
@Singleton
public class ReviewSeats {

    /// The object, and the one before the change.
    private static final int POLICIES = 2;

    private final ReadingRoom room = ReadingRoom.ofHeap(8);

    /// Waits for a seat for half of the time that is left: the rest is for judging.
    ///
    /// @param length of the review, in bytes
    /// @throws TurnedAwayException if there is none by then
    Seat take(int length, Deadline deadline) throws TurnedAwayException {
        if (length <= ReadingRoom.ORDINARY) {
            return Seat.NONE;
        }
        var half = Deadline.in(deadline.left().dividedBy(2));
        try {
            return room.tryEnter(ReadingRoom.worst(length, POLICIES), half)
                    .orElseThrow(() -> new TurnedAwayException(TurnedAway.Reason.MEMORY));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TurnedAwayException(TurnedAway.Reason.MEMORY);
        }
    }
}
