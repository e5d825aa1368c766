package mesh.lockstep.admission;

/// A review that is not judged for lack of memory or time: the API server may try again.
public final class TurnedAwayException extends Exception {

    private static final long serialVersionUID = 1L;

    private final TurnedAway.Reason reason;

    TurnedAwayException(TurnedAway.Reason reason) {
        super(reason.words());
        this.reason = reason;
    }

    TurnedAway.Reason reason() {
        return reason;
    }
}
