package mesh.lockstep.apiserver;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Outline;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.ReadingRoom.Seat;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.TooLargeException;
import org.jspecify.annotations.Nullable;

/// A document that comes piece by piece, within bounds. One after the other may be collected in it.
///
/// What an object does to its reader has to cost that object, never the list or the watch that it
/// is in: of one that breaks a bound there is an [Outline].
///
/// For one thread.
final class Document implements AutoCloseable {

    private static final byte[] NOTHING = {};
    private static final int FIRST = 1024;

    private final Intake intake;
    private final int most;
    private final String tooMuch;
    private final Optional<Keep.Only> outlined;
    private @Nullable Outline outline;
    private byte[] bytes = NOTHING;
    private int length;
    private Deadline complete;
    private Deadline deadline;
    private Seat text = Seat.NONE;
    private Seat tree = Seat.NONE;

    /// @param most bytes
    /// @param tooMuch what it is when there are more, for people
    Document(Intake intake, int most, String tooMuch, Deadline deadline) {
        this(intake, most, tooMuch, Optional.empty(), deadline);
    }

    private Document(
            Intake intake,
            int most,
            String tooMuch,
            Optional<Keep.Only> outlined,
            Deadline deadline) {
        this.intake = intake;
        this.most = most;
        this.tooMuch = tooMuch;
        this.outlined = outlined;
        this.deadline = deadline;
        complete = deadline;
    }

    /// With one object of a kind that Lockstep writes itself.
    static Document ofOwn(Intake intake, Deadline deadline) {
        return new Document(intake, Intake.LARGEST, "an object of more than 3 MiB", deadline);
    }

    /// A document with one object, whoever wrote it.
    ///
    /// @param keep of its outline, where it breaks the bounds of reading
    static Document ofObject(Intake intake, Keep.Only keep, Deadline deadline) {
        return new Document(
                intake,
                Intake.LARGEST,
                "an object of more than 64 MiB",
                Optional.of(keep),
                deadline);
    }

    /// By when all has to be over.
    void within(Deadline other) {
        deadline = other;
    }

    /// By when the next piece has to come.
    Deadline deadline() {
        return outline == null && length > ReadingRoom.ORDINARY ? complete : deadline;
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
        if (grown > (outlined.isPresent() ? Intake.LARGEST_OUTLINED : most)) {
            throw new TooMuchException(tooMuch);
        }
        if (grown > most && outline == null) {
            outline = outlineOfAll(outlined.orElseThrow());
            giveBack();
        }
        if (outline != null) {
            outline.add(piece, from, to);
            length = grown;
            return;
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

    /// What is there, read, or its outline. The room that it takes is given back when the next is
    /// begun.
    JsonNode read(Keep keep) throws IOException, InterruptedException {
        if (outline != null) {
            return outline.object();
        }
        tree.close();
        tree = intake.forTree(length, deadline);
        try {
            return StrictJson.read(bytes, length, keep);
        } catch (TooLargeException | StreamConstraintsException e) {
            if (outlined.isEmpty()) {
                throw e;
            }
            return outlineOfAll(outlined.get()).object();
        }
    }

    private Outline outlineOfAll(Keep.Only keep) throws IOException {
        var all = new Outline(keep);
        all.add(bytes, 0, length);
        return all;
    }

    /// Begins the next.
    void clear() {
        giveBack();
        outline = null;
        length = 0;
    }

    private void giveBack() {
        if (length > ReadingRoom.ORDINARY) {
            bytes = NOTHING;
        }
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
