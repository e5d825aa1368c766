package mesh.lockstep.apiserver;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.ReadingRoom.Seat;

/// Room for what peers send, of which one peer has a part. A document that is not ordinary takes a
/// seat for its text while it comes, of which a peer has one at a time and not for long, and then
/// one for its tree, which nobody keeps by sending slowly.
///
/// @param texts of all peers
/// @param trees of all peers
/// @param large whether this peer sends a large document just now
public record Intake(ReadingRoom texts, ReadingRoom trees, Semaphore large) {

    /// Bytes of a document with one object. API servers take no request of more than 3 MiB
    /// (`MaxRequestBodyBytes` of k8s.io/apiserver), and a watch has a few words around it.
    public static final int LARGEST = 3 * 1024 * 1024 + 4096;

    /// Bytes of an object of which there is an outline, as many as a page may have: nobody is to
    /// keep us busy with one without end.
    static final int LARGEST_OUTLINED = 64 * 1024 * 1024;

    /// The reason where something could not be read because we had no room.
    public static final String NO_ROOM = "no room to read it in time";

    /// In which a large document has to come: 2.5 Mbit/s.
    static final Duration LONGEST = Duration.ofSeconds(10);

    /// For all peers of this process.
    public static Intake ofHeap() {
        return new Intake(ReadingRoom.ofHeap(8), ReadingRoom.ofHeap(8), new Semaphore(1, true));
    }

    /// The part of a peer.
    public Intake ofPeer() {
        return new Intake(texts, trees, new Semaphore(1, true));
    }

    /// For a text that turns out to be large.
    ///
    /// @throws IOException if no seat is free in time
    Seat forText(Deadline deadline) throws IOException, InterruptedException {
        if (!large.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            throw noRoom();
        }
        try {
            // It grows by doubling.
            var seat = texts.tryEnter(2L * LARGEST, deadline).orElseThrow(Intake::noRoom);
            return () -> {
                seat.close();
                large.release();
            };
        } catch (IOException | InterruptedException e) {
            large.release();
            throw e;
        }
    }

    /// For what a text becomes.
    ///
    /// @param length of the text, in bytes
    /// @throws IOException if no seat is free in time
    Seat forTree(int length, Deadline deadline) throws IOException, InterruptedException {
        return length <= ReadingRoom.ORDINARY
                ? Seat.NONE
                : trees.tryEnter(ReadingRoom.worst(length, 1), deadline)
                        .orElseThrow(Intake::noRoom);
    }

    private static TooMuchException noRoom() {
        return new TooMuchException(NO_ROOM);
    }
}
