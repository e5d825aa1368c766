package mesh.lockstep.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A policy's state between this cluster and one peer.
///
/// @param firstSeen since when the two copies are known to differ; kept while the peer cannot be
///   read, so that coming back does not start anew; empty where they do not differ
/// @param cause why it is unknown, or which of the two is ahead if that is known, for people; or
///   empty
public record Relation(State state, Optional<Instant> firstSeen, String cause) {

    static final Relation IN_SYNC = new Relation(State.IN_SYNC, Optional.empty(), "");
    static final Relation EXEMPT = new Relation(State.EXEMPT, Optional.empty(), "");

    /// The same at another time.
    Relation redated(UnaryOperator<Instant> date) {
        return firstSeen.isEmpty() ? this : new Relation(state, firstSeen.map(date), cause);
    }
}
