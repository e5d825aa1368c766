package mesh.lockstep.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.rollout.History.Move;

/// From which versions of one policy which others came. There is never a cycle.
///
/// @param list the latest last
record Moves(List<Move> list) {

    /// Two replicas sort alike what they saw in one millisecond.
    private static final Comparator<Move> ORDER =
            Comparator.comparingLong(Move::at).thenComparing(Move::from).thenComparing(Move::to);

    Moves {
        list = List.copyOf(list);
    }

    /// Those later than a time.
    ///
    /// @param at in ms since 1970
    Moves after(long at) {
        return new Moves(list.stream().filter(move -> move.at() > at).toList());
    }

    /// The same, and those that others have seen.
    Moves and(Moves others) {
        var all = Stream.concat(others.list.stream(), list.stream()).sorted(ORDER).toList();
        var merged = new Moves(List.of());
        for (var move : all) {
            merged = merged.plus(move);
        }
        return merged;
    }

    /// Whether both say the same, whenever it was seen.
    boolean isLike(Moves other) {
        return undated().equals(other.undated());
    }

    private List<Move> undated() {
        return list.stream()
                .map(move -> new Move(move.from(), move.to(), 0, move.isWatched()))
                .toList();
    }

    /// Whether moves lead there; from a version to itself without any.
    boolean lead(Fingerprint from, Fingerprint to) {
        var reached = new HashSet<Fingerprint>();
        var open = new ArrayDeque<Fingerprint>();
        open.add(from);
        while (!open.isEmpty()) {
            var version = open.remove();
            if (version.equals(to)) {
                return true;
            }
            if (reached.add(version)) {
                list.stream()
                        .filter(move -> move.from().equals(version))
                        .map(Move::to)
                        .forEach(open::add);
            }
        }
        return false;
    }

    /// The same, and one more.
    ///
    /// Where it goes back, moves that led from there to where it comes from are undone: the version
    /// is taken out of the line and put behind what it was followed by. What came before it comes
    /// before that as before, and what others made of that in the meantime still came from it.
    Moves plus(Move move) {
        var others = new ArrayList<>(list);
        for (var undone : list) {
            if (undone.from().equals(move.to()) && lead(undone.to(), move.from())) {
                others.remove(undone);
            }
        }
        for (var kept : list) {
            var isBefore = kept.to().equals(move.to());
            var isAside =
                    lead(move.to(), kept.from())
                            && lead(kept.from(), move.from())
                            && !lead(kept.to(), move.from());
            for (var undone : list) {
                if (isBefore && !others.contains(undone)) {
                    put(kept.and(undone), others);
                }
            }
            if (isAside) {
                put(new Move(move.to(), kept.to(), kept.at(), kept.isWatched()), others);
            }
        }
        put(move, others);
        return new Moves(others.stream().sorted(ORDER).toList()).fitting();
    }

    private static void put(Move move, List<Move> moves) {
        var known = moves.stream().filter(move::isLike).reduce(move, Move::or);
        moves.removeIf(move::isLike);
        moves.add(known);
    }

    /// If there is too much, the oldest version in between is forgotten: a member that sleeps holds
    /// one from which all came.
    private Moves fitting() {
        if (list.size() <= History.MOST) {
            return this;
        }
        var others = new ArrayList<>(list);
        var between = between();
        if (between.isEmpty()) {
            others.removeFirst();
        } else {
            forget(between.get(), others);
        }
        return new Moves(others.stream().sorted(ORDER).toList()).fitting();
    }

    /// The oldest version that came from one other, and from which another came.
    private Optional<Fingerprint> between() {
        for (var move : list) {
            var version = move.to();
            var leadingTo = list.stream().filter(other -> other.to().equals(version)).count();
            if (leadingTo == 1 && list.stream().anyMatch(other -> other.from().equals(version))) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
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
}
