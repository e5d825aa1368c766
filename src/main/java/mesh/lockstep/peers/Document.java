package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.ReadingRoom.Seat;
import mesh.lockstep.policy.StrictJson;

/// A document that comes piece by piece, within bounds. One after the other may be collected in it.
///
/// For one thread.
final class Document implements AutoCloseable {

    private static final byte[] NOTHING = {};
    private static final int FIRST = 1024;

    private final Intake intake;
    private final int most;
    private final String tooMuch;
    private byte[] bytes = NOTHING;
    private int length;
    private Deadline complete;
    private Deadline deadline;
    private Seat text = Seat.NONE;
    private Seat tree = Seat.NONE;

    /// @param most bytes
    /// @param tooMuch what it is when there are more, for people
    Document(Intake intake, int most, String tooMuch, Deadline deadline) {
        this.intake = intake;
        this.most = most;
        this.tooMuch = tooMuch;
        this.deadline = deadline;
        complete = deadline;
    }

    /// With one policy.
    static Document ofPolicy(Intake intake, Deadline deadline) {
        return new Document(intake, Intake.LARGEST, "an object of more than 3 MiB", deadline);
    }

    /// By when all has to be over.
    void within(Deadline other) {
        deadline = other;
    }

    /// By when the next piece has to come.
    Deadline deadline() {
        return length > ReadingRoom.ORDINARY ? complete : deadline;
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    /// @throws TooMuchException if there is more than it may have
    void add(byte[] piece, int from, int to) throws IOException, InterruptedException {
        int grown = length + to - from;
        if (grown > most) {
            throw new TooMuchException(tooMuch);
        }
        if (grown > ReadingRoom.ORDINARY && length <= ReadingRoom.ORDINARY) {
            text = intake.forText(deadline);
            complete = deadline.orIn(Intake.LONGEST);
        }
        if (grown > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(2 * grown, FIRST)));
        }
        System.arraycopy(piece, from, bytes, length, to - from);
        length = grown;
    }

    /// What is there, read. The room that it takes is given back when the next is begun.
    JsonNode read(Keep keep) throws IOException, InterruptedException {
        tree.close();
        tree = intake.forTree(length, deadline);
        return StrictJson.read(bytes, length, keep);
    }

    /// Begins the next.
    void clear() {
        if (length > ReadingRoom.ORDINARY) {
            bytes = NOTHING;
        }
        length = 0;
        tree.close();
        tree = Seat.NONE;
        text.close();
        text = Seat.NONE;
    }

    @Override
    public void close() {
        clear();
    }
}
