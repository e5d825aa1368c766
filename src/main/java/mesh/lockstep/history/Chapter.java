package mesh.lockstep.history;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.History.Deletion;
import mesh.lockstep.rollout.History.Move;
import mesh.lockstep.rollout.Trace;

/// One part of what was seen, in bytes: a header, then policy by policy what this cluster holds,
/// what was deleted, and the moves. It has no names of policies or clusters, and no word of a
/// policy.
final class Chapter {

    /// What was seen is spread over this many, by the policies' names: each is rewritten when
    /// something in it changes.
    static final int NUMBER = 8;

    /// So that it fits into a ConfigMap, of 1 MiB, as base64.
    static final int MOST_BYTES = 700_000;

    private static final int FORMAT = 3;
    private static final int HEADER = Integer.BYTES + Fingerprint.SIZE;
    private static final int TRACE = Fingerprint.SIZE + 2 * Long.BYTES;
    private static final int MOVE = 2 * Fingerprint.SIZE + Long.BYTES + 1;

    private static final byte HELD = 1;
    private static final byte DELETED = 2;
    private static final byte DELETION_WATCHED = 4;

    private static final byte WATCHED = 1;

    private Chapter() {}

    /// In which a policy is.
    static int of(Fingerprint name) {
        return Math.floorMod(name.low(), NUMBER);
    }

    /// If there is too much, the moves of policies that have not changed for the longest time are
    /// left out first, and then those policies.
    ///
    /// @param reading by which the versions were read
    static byte[] write(Fingerprint reading, Map<Fingerprint, History> histories) {
        var bytes = ByteBuffer.allocate(MOST_BYTES);
        bytes.putInt(FORMAT);
        reading.write(bytes);
        var latest =
                Comparator.<Map.Entry<Fingerprint, History>>comparingLong(
                                each -> at(each.getValue()))
                        .reversed()
                        .thenComparing(Map.Entry::getKey);
        var entries = histories.entrySet().stream().sorted(latest).toList();
        // What each policy needs at least has its room before any has more.
        var least = entries.stream().mapToLong(each -> size(each.getValue().withoutMoves())).sum();
        for (var entry : entries) {
            var history = entry.getValue();
            least -= size(history.withoutMoves());
            var fits = bytes.remaining() - size(history) >= least;
            write(entry.getKey(), fits ? history : history.withoutMoves(), bytes);
        }
        var written = new byte[bytes.position()];
        bytes.flip().get(written);
        return written;
    }

    private static long at(History history) {
        return Math.max(history.latest(), history.deletion().map(Deletion::at).orElse(0L));
    }

    private static int size(History history) {
        return Fingerprint.SIZE
                + 2
                + Long.BYTES
                + (history.held().isPresent() ? TRACE : 0)
                + (history.deletion().isPresent() ? TRACE + Long.BYTES : 0)
                + history.moves().size() * MOVE;
    }

    private static void write(Fingerprint name, History history, ByteBuffer bytes) {
        if (bytes.remaining() < size(history)) {
            return;
        }
        name.write(bytes);
        bytes.put(flags(history));
        history.held().ifPresent(trace -> write(trace, bytes));
        history.deletion()
                .ifPresent(
                        deletion -> {
                            write(deletion.trace(), bytes);
                            bytes.putLong(deletion.at());
                        });
        bytes.putLong(history.settledAt());
        bytes.put((byte) history.moves().size());
        for (var move : history.moves()) {
            move.from().write(bytes);
            move.to().write(bytes);
            bytes.putLong(move.at());
            bytes.put(move.isWatched() ? WATCHED : 0);
        }
    }

    private static byte flags(History history) {
        var deletion = history.deletion();
        var flags = history.held().isPresent() ? HELD : 0;
        flags |= deletion.isPresent() ? DELETED : 0;
        flags |= deletion.filter(Deletion::isWatched).isPresent() ? DELETION_WATCHED : 0;
        return flags;
    }

    private static void write(Trace trace, ByteBuffer bytes) {
        trace.version().write(bytes);
        bytes.putLong(trace.members());
        bytes.putLong(trace.revision().number());
    }

    /// Empty for what is not ours, and for what another reading made: nothing is concluded from it.
    static Optional<Map<Fingerprint, History>> read(byte[] written, Fingerprint reading) {
        var bytes = ByteBuffer.wrap(written);
        try {
            if (written.length < HEADER
                    || bytes.getInt() != FORMAT
                    || !Fingerprint.read(bytes).equals(reading)) {
                return Optional.empty();
            }
            var histories = new HashMap<Fingerprint, History>();
            while (bytes.hasRemaining()) {
                histories.put(Fingerprint.read(bytes), history(bytes));
            }
            return Optional.of(histories);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static History history(ByteBuffer bytes) {
        var flags = bytes.get();
        var held = (flags & HELD) == 0 ? Optional.<Trace>empty() : Optional.of(trace(bytes));
        var deletion =
                (flags & DELETED) == 0
                        ? Optional.<Deletion>empty()
                        : Optional.of(deletion(bytes, (flags & DELETION_WATCHED) != 0));
        return new History(held, bytes.getLong(), moves(bytes), deletion);
    }

    private static Deletion deletion(ByteBuffer bytes, boolean isWatched) {
        return new Deletion(trace(bytes), bytes.getLong(), isWatched);
    }

    private static List<Move> moves(ByteBuffer bytes) {
        int number = bytes.get();
        if (number < 0 || number > History.MOST) {
            throw new IllegalArgumentException("more moves than are ever remembered");
        }
        var moves = new ArrayList<Move>();
        for (int i = 0; i < number; i++) {
            var from = Fingerprint.read(bytes);
            var to = Fingerprint.read(bytes);
            moves.add(new Move(from, to, bytes.getLong(), bytes.get() == WATCHED));
        }
        return moves;
    }

    private static Trace trace(ByteBuffer bytes) {
        var version = Fingerprint.read(bytes);
        return new Trace(version, bytes.getLong(), new Revision(bytes.getLong()));
    }
}
