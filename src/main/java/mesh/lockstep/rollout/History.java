package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.Fingerprint;

/// Which versions of one policy came from which: what was seen, here and in peers. What was not
/// seen is not known, and then nothing is concluded. Of a member that was not watched for a while
/// it is known where it was and where it is, and not by way of what it went.
///
/// Going back turns the order around: after v1, v2, v1, it is v2 that v1 came from. So there is
/// never a cycle.
///
/// @param held what this cluster held when it was last looked at; empty for nothing
/// @param settledAt when all members were seen to agree last, in ms since 1970; 0 if they never
///   were
/// @param moves since then, the latest last
/// @param deletion of the policy in this cluster, the latest
public record History(
        Optional<Trace> held, long settledAt, List<Move> moves, Optional<Deletion> deletion) {

    /// Nothing was seen.
    public static final History NONE =
            new History(Optional.empty(), 0, List.of(), Optional.empty());

    /// Moves that are remembered of one policy. A rollout has one, and few have four.
    public static final int MOST = 16;

    /// Some member went from one version to another.
    ///
    /// @param at when that was seen last, in ms since 1970; of two moves of one policy the later
    ///   has the higher
    /// @param isWatched whether it was watched; otherwise there may have been others in between
    public record Move(Fingerprint from, Fingerprint to, long at, boolean isWatched) {

        boolean isLike(Move other) {
            return from.equals(other.from) && to.equals(other.to);
        }

        private boolean touches(Fingerprint version) {
            return from.equals(version) || to.equals(version);
        }

        /// What was watched once is known.
        Move or(Move other) {
            return isWatched || !other.isWatched ? this : new Move(from, to, at, true);
        }

        Move and(Move next) {
            return new Move(from, next.to, next.at, isWatched && next.isWatched);
        }
    }

    /// This cluster's copy was deleted.
    ///
    /// @param trace of what was there
    /// @param at when that was seen, in ms since 1970
    /// @param isWatched whether it was watched; otherwise there may have been others after it
    public record Deletion(Trace trace, long at, boolean isWatched) {

        private Deletion undated() {
            return new Deletion(trace, 0, isWatched);
        }

        /// The later one; what was watched once is known.
        private static Deletion latest(Deletion one, Deletion other) {
            var latest = one.at >= other.at ? one : other;
            var isSame = one.trace.equals(other.trace);
            return new Deletion(
                    latest.trace,
                    latest.at,
                    isSame ? one.isWatched || other.isWatched : latest.isWatched);
        }
    }

    public History {
        moves = List.copyOf(moves);
    }

    /// Whether the later version is known to have come from the earlier one, at whatever distance.
    public boolean isBefore(Fingerprint earlier, Fingerprint later) {
        return !earlier.equals(later) && new Moves(moves).lead(earlier, later);
    }

    /// Whether it is known directly from which version this one came, or which came from it.
    public boolean knows(Fingerprint version) {
        return moves.stream().anyMatch(move -> move.isWatched() && move.touches(version));
    }

    /// What was deleted in this cluster, as far as that is remembered.
    public Optional<Trace> deleted() {
        return deletion.map(Deletion::trace);
    }

    /// What a creation in this cluster comes from. If what is held is created, it was deleted, and
    /// that was not seen yet.
    public Optional<Trace> lately() {
        return held.or(this::deleted);
    }

    /// When a member moved last, or all agreed, in ms since 1970.
    public long latest() {
        return moves.isEmpty() ? settledAt : moves.getLast().at();
    }

    /// The same without the moves, where there is no room for them.
    public History withoutMoves() {
        return new History(held, settledAt, List.of(), deletion);
    }

    /// The same, and one more move, which was watched.
    ///
    /// @param at the time, in ms since 1970
    public History moved(Fingerprint from, Fingerprint to, long at) {
        return moved(from, to, at, true);
    }

    /// The same, and one more move.
    ///
    /// @param at the time, in ms since 1970
    /// @param isWatched whether there was nothing in between
    public History moved(Fingerprint from, Fingerprint to, long at, boolean isWatched) {
        if (from.equals(to)) {
            return this;
        }
        var move = new Move(from, to, Math.max(at, latest() + 1), isWatched);
        return new History(held, settledAt, new Moves(moves).plus(move).list(), deletion);
    }

    /// The same after this cluster was looked at: what it holds now came from what it held, or from
    /// what was deleted here.
    ///
    /// @param now what it holds
    /// @param at the time, in ms since 1970
    /// @param isWatched whether there was nothing in between
    public History here(Optional<Trace> now, long at, boolean isWatched) {
        if (now.isEmpty()) {
            var deleted = held.map(trace -> new Deletion(trace, at, isWatched));
            return new History(now, settledAt, moves, deleted.or(() -> deletion));
        }
        var was = lately();
        if (was.isEmpty()) {
            return new History(now, settledAt, moves, deletion);
        }
        var isGapless = isWatched && (held.isPresent() || deletion.orElseThrow().isWatched());
        var moved = moved(was.get().version(), now.get().version(), at, isGapless);
        return new History(now, settledAt, moved.moves, deletion);
    }

    /// The same when a deletion in this cluster is about to happen.
    ///
    /// @param at the time, in ms since 1970
    public History deleting(Trace trace, long at) {
        return new History(held, settledAt, moves, Optional.of(new Deletion(trace, at, true)));
    }

    /// The same when all members agree: how they came to it does not matter any more.
    ///
    /// @param at the time, in ms since 1970
    public History settled(long at) {
        return new History(held, Math.max(at, latest()), List.of(), deletion);
    }

    /// The same without deletions of that time and earlier ones.
    ///
    /// @param at in ms since 1970
    public History forgetting(long at) {
        return new History(held, settledAt, moves, deletion.filter(deletion -> deletion.at() > at));
    }

    /// The same, and what another replica, or an earlier process, has seen.
    public History and(History other) {
        if (equals(other)) {
            return this;
        }
        var settled = Math.max(settledAt, other.settledAt);
        var merged = new Moves(moves).after(settled).and(new Moves(other.moves).after(settled));
        var latest =
                Stream.of(deletion, other.deletion)
                        .flatMap(Optional::stream)
                        .reduce(Deletion::latest);
        return new History(held, settled, merged.list(), latest);
    }

    /// Whether both say the same, whenever it was seen.
    public boolean isLike(History other) {
        return held.equals(other.held)
                && deletion.map(Deletion::undated).equals(other.deletion.map(Deletion::undated))
                && new Moves(moves).isLike(new Moves(other.moves));
    }
}
