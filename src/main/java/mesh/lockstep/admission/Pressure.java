package mesh.lockstep.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import mesh.lockstep.admission.TurnedAway.Reason;
import mesh.lockstep.policy.ReadingRoom;

/// Keeps what is in progress within bounds: bytes of bodies, from when they arrive until the
/// request is answered, and requests that are being judged.
///
/// What is announced and does not arrive takes nothing. Bodies that are arriving and those that are
/// being judged each have their own bytes: a crowd that is judged keeps nobody from arriving. Where
/// there is too much, the address that has the most loses first, and large ones before small ones:
/// the others are judged as always.
final class Pressure {

    /// An API server has at most 200 changes in progress by default
    /// (`--max-mutating-requests-inflight`).
    static final int PLACES = 256;

    /// Bytes of an ordinary body.
    static final int SMALL = ReadingRoom.ORDINARY;

    private final int mostPlaces;
    private final long mostBytes;
    private final Set<Body> bodies = new HashSet<>();
    private long coming;
    private long judged;
    private int places;

    /// @param mostBytes in all bodies that are arriving, and as many in those that are judged;
    ///   twice as many with small ones. At least the largest body
    Pressure(int mostPlaces, long mostBytes) {
        this.mostPlaces = mostPlaces;
        this.mostBytes = mostBytes;
    }

    /// What of a request's body has come. Belongs to the pressure that it is given to.
    static final class Body {
        private final String address;
        private final Runnable turnAway;
        private long bytes;
        private boolean whole;
        private boolean placed;
        private boolean gone;

        /// @param address of the sender
        /// @param turnAway what to do when it has to go; called by the thread of another request
        Body(String address, Runnable turnAway) {
            this.address = address;
            this.turnAway = turnAway;
        }

        void turnAway() {
            turnAway.run();
        }

        private boolean isComing() {
            return !whole;
        }
    }

    /// Counts a piece of a body.
    ///
    /// @return whose place is needed for it, perhaps its own: no longer counted, to be turned away
    synchronized List<Body> arrived(Body body, int length) {
        if (body.gone) {
            return List.of();
        }
        bodies.add(body);
        body.bytes += length;
        coming += length;
        var goes = new ArrayList<Body>();
        while (coming > mostBytes && !body.gone) {
            var largest = largest();
            leave(largest);
            goes.add(largest);
        }
        return goes;
    }

    /// The largest of those that are not whole, from the address that has the most of them; a small
    /// one only where all are small. A body that has arrived cannot be sent back.
    private Body largest() {
        var from = byAddress(Body::isComing, Collectors.summingLong(body -> body.bytes));
        return bodies.stream()
                .filter(Body::isComing)
                .max(
                        Comparator.comparing((Body body) -> body.bytes > SMALL)
                                .thenComparingLong(body -> from.getOrDefault(body.address, 0L))
                                .thenComparingLong(body -> body.bytes))
                .orElseThrow();
    }

    /// Takes a place for a body that is whole. There is an extra one for an address that has less
    /// than an equal share.
    ///
    /// @return why there is none; then it counts as one that is coming, and never goes, until it
    ///   [leaves][#leave]
    synchronized Optional<Reason> enter(Body body) {
        if (body.gone || (places >= mostPlaces && hasItsShare(body.address))) {
            body.whole = true;
            return Optional.of(Reason.PLACES);
        }
        var most = body.bytes > SMALL ? mostBytes : 2 * mostBytes;
        body.whole = true;
        if (judged + body.bytes > most) {
            return Optional.of(Reason.MEMORY);
        }
        bodies.add(body);
        body.placed = true;
        places++;
        coming -= body.bytes;
        judged += body.bytes;
        return Optional.empty();
    }

    private boolean hasItsShare(String address) {
        var from = byAddress(body -> body.placed, Collectors.counting());
        return from.getOrDefault(address, 0L) >= mostPlaces / (from.size() + 1);
    }

    /// Gives back what it took. May be repeated.
    synchronized void leave(Body body) {
        body.gone = true;
        if (bodies.remove(body)) {
            if (body.placed) {
                judged -= body.bytes;
                places--;
            } else {
                coming -= body.bytes;
            }
        }
    }

    synchronized long bytes() {
        return coming + judged;
    }

    private Map<String, Long> byAddress(Predicate<Body> which, Collector<Body, ?, Long> sum) {
        return bodies.stream()
                .filter(which)
                .collect(Collectors.groupingBy(body -> body.address, sum));
    }
}
