package mesh.lockstep.rollout;

/// A policy's state between this cluster and a peer, the worst first.
public enum State {
    /// Both have it, in two versions, and no rollout explains it.
    DIVERGED("Diverged"),
    /// The peer has it, for us too, and we do not.
    MISSING_HERE("MissingHere"),
    /// We have it, for the peer too, and the peer does not.
    MISSING_THERE("MissingThere"),
    /// They differ, as they do while a change is rolled out: at most two versions in the mesh, not
    /// for long.
    ROLLING_OUT("RollingOut"),
    /// We cannot find out what the peer, or this cluster, has.
    UNKNOWN("Unknown"),
    /// Both have the same version.
    IN_SYNC("InSync"),
    /// It is not meant to be the same: by its members, or by where it is.
    EXEMPT("Exempt");

    private final String word;

    State(String word) {
        this.word = word;
    }

    /// By which metrics, reports and pages call it.
    public String word() {
        return word;
    }

    /// Whether the two copies are known not to be the same.
    public boolean differs() {
        return compareTo(ROLLING_OUT) <= 0;
    }

    /// Whether somebody has to do something about it.
    public boolean isDrift() {
        return compareTo(MISSING_THERE) <= 0;
    }

    public State worse(State other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
