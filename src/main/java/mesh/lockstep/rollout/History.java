package mesh.lockstep.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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

    /// Two replicas sort alike what they saw in one millisecond.
    private static final Comparator<Move> ORDER =
            Comparator.comparingLong(Move::at).thenComparing(Move::from).thenComparing(Move::to);

    /// Some member went from one version to another.
    ///
    /// @param at when that was seen last, in ms since 1970; of two moves of one policy the later
    ///   has the higher
    /// @param isWatched whether it was watched; otherwise there may have been others in between
    public record Move(Fingerprint from, Fingerprint to, long at, boolean isWatched) {

        private boolean isLike(Move other) {
            return from.equals(other.from) && to.equals(other.to);
        }

        private boolean touches(Fingerprint version) {
            return from.equals(version) || to.equals(version);
        }

        /// What was watched once is known.
        private Move or(Move other) {
            return isWatched || !other.isWatched ? this : new Move(from, to, at, true);
        }

        private Move and(Move next) {
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
        return !earlier.equals(later) && reaches(moves, earlier, later);
    }

    /// Whether it is known directly from which version this one came, or which came from it.
    public boolean knows(Fingerprint version) {
        return moves.stream().anyMatch(it -> it.isWatched() && it.touches(version));
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
        return new History(held, settledAt, plus(moves, move), deletion);
    }

    /// The same after this cluster was looked at: what it holds now came from what it held, or from
    /// what was deleted here.
    ///
    /// @param now what it holds
    /// @param at the time, in ms since 1970
    /// @param isWatched whether there was nothing in between
    public History here(Optional<Trace> now, long at, boolean isWatched) {
        if (now.isEmpty()) {
            var deleted = held.map(it -> new Deletion(it, at, isWatched));
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
        return new History(held, settledAt, moves, deletion.filter(it -> it.at() > at));
    }

    /// The same, and what another replica, or an earlier process, has seen.
    public History and(History other) {
        if (equals(other)) {
            return this;
        }
        var settled = Math.max(settledAt, other.settledAt);
        var all =
                Stream.concat(other.moves.stream(), moves.stream())
                        .filter(it -> it.at() > settled)
                        .sorted(ORDER)
                        .toList();
        List<Move> merged = List.of();
        for (var move : all) {
            merged = plus(merged, move);
        }
        var latest =
                Stream.of(deletion, other.deletion)
                        .flatMap(Optional::stream)
                        .reduce(Deletion::latest);
        return new History(held, settled, merged, latest);
    }

    /// Whether both say the same, whenever it was seen.
    public boolean isLike(History other) {
        return held.equals(other.held)
                && deletion.map(Deletion::undated).equals(other.deletion.map(Deletion::undated))
                && undated(moves).equals(undated(other.moves));
    }

    private static List<Move> undated(List<Move> moves) {
        return moves.stream().map(it -> new Move(it.from, it.to, 0, it.isWatched)).toList();
    }

    /// Where a move goes back, moves that led from there to where it comes from are undone: the
    /// version is taken out of the line and put behind what it was followed by. What came before it
    /// comes before that as before, and what others made of that in the meantime still came from
    /// it.
    private static List<Move> plus(List<Move> moves, Move move) {
        var others = new ArrayList<>(moves);
        for (var undone : moves) {
            if (undone.from().equals(move.to()) && reaches(moves, undone.to(), move.from())) {
                others.remove(undone);
            }
        }
        for (var kept : moves) {
            var isBefore = kept.to().equals(move.to());
            var isAside =
                    reaches(moves, move.to(), kept.from())
                            && reaches(moves, kept.from(), move.from())
                            && !reaches(moves, kept.to(), move.from());
            for (var undone : moves) {
                if (isBefore && !others.contains(undone)) {
                    put(kept.and(undone), others);
                }
            }
            if (isAside) {
                put(new Move(move.to(), kept.to(), kept.at(), kept.isWatched()), others);
            }
        }
        put(move, others);
        return fitting(others.stream().sorted(ORDER).toList());
    }

    /// If there is too much, the oldest version in between is forgotten, one that came from another
    /// and from which another came: a member that sleeps holds one from which all came.
    private static List<Move> fitting(List<Move> moves) {
        if (moves.size() <= MOST) {
            return moves;
        }
        var others = new ArrayList<>(moves);
        var between =
                moves.stream()
                        .map(Move::to)
                        .filter(
                                it ->
                                        moves.stream().filter(move -> move.to().equals(it)).count()
                                                == 1)
                        .filter(it -> moves.stream().anyMatch(move -> move.from().equals(it)))
                        .findFirst();
        if (between.isEmpty()) {
            others.removeFirst();
        }
        between.ifPresent(it -> forget(it, others));
        return fitting(others.stream().sorted(ORDER).toList());
    }

    /// @param between to which there is one move
    private static void forget(Fingerprint between, List<Move> moves) {
        for (var before : List.copyOf(moves)) {
            if (before.to().equals(between)) {
                moves.remove(before);
                for (var after : List.copyOf(moves)) {
                    if (after.from().equals(between)) {
                        moves.remove(after);
                        put(before.and(after), moves);
                    }
                }
            }
        }
    }

    private static void put(Move move, List<Move> moves) {
        var known = moves.stream().filter(move::isLike).reduce(move, Move::or);
        moves.removeIf(move::isLike);
        moves.add(known);
    }

    /// Whether moves lead there; from a version to itself without any.
    private static boolean reaches(List<Move> moves, Fingerprint from, Fingerprint to) {
        var reached = new HashSet<Fingerprint>();
        var open = new ArrayDeque<Fingerprint>();
        open.add(from);
        while (!open.isEmpty()) {
            var version = open.remove();
            if (version.equals(to)) {
                return true;
            }
            if (reached.add(version)) {
                moves.stream()
                        .filter(it -> it.from().equals(version))
                        .map(Move::to)
                        .forEach(open::add);
            }
        }
        return false;
    }
}
