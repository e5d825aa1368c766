package mesh.lockstep.policy;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Keeps what reading takes of memory within bounds, however many read at once. A thread that reads
/// a large document takes a seat first, as wide as the document may be at worst; first come, first
/// served. Ordinary documents need none: nothing waits for them while they are read, so no more are
/// read at once than there are processors.
///
/// A seat is held while a document is worked on, never while waiting for somebody to send more of
/// it.
public final class ReadingRoom {

    /// Bytes of a document that needs no seat.
    public static final int ORDINARY = 64 * 1024;

    /// What a value takes at worst, as a tree and as the copy that is compared.
    private static final long BYTES_OF_A_NODE = 300;

    private static final int KIBIBYTE = 1024;

    private final int width;
    private final Semaphore free;

    /// @param bytes that all who read at once may take
    public ReadingRoom(long bytes) {
        width = Math.clamp(bytes / KIBIBYTE, 1, Integer.MAX_VALUE);
        free = new Semaphore(width, true);
    }

    /// A room that takes a part of this process' heap.
    ///
    /// @param part as 8 for an eighth
    public static ReadingRoom ofHeap(int part) {
        return new ReadingRoom(Runtime.getRuntime().maxMemory() / part);
    }

    /// What reading takes at worst.
    ///
    /// @param length of the document, in bytes
    /// @param policies that it may have in it
    public static long worst(long length, int policies) {
        var nodes = Math.min(length / 2, (long) policies * StrictJson.MAX_NODES);
        return 2 * length + BYTES_OF_A_NODE * nodes;
    }

    public interface Seat extends AutoCloseable {

        /// The seat of a document that needs none.
        Seat NONE = () -> {};

        @Override
        void close();
    }

    /// Waits for a seat, but no longer than that; empty if there was none in time. What is wider
    /// than the room takes all of it.
    ///
    /// @param bytes that reading may take
    public Optional<Seat> tryEnter(long bytes, Deadline deadline) throws InterruptedException {
        var taken = taken(bytes);
        return free.tryAcquire(taken, deadline.left().toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(() -> free.release(taken))
                : Optional.empty();
    }

    private int taken(long bytes) {
        return Math.clamp((bytes + KIBIBYTE - 1) / KIBIBYTE, 1, width);
    }
}
