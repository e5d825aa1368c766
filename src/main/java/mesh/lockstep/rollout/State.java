package mesh.lockstep.rollout;

/// A policy's state between this cluster and a peer, the worst first.
public enum State {
    /// Both have it, in two versions, and no rollout explains it.
    DIVERGED("Diverged", true, true),
    /// The peer has it, for us too, and we do not.
    MISSING_HERE("MissingHere", true, true),
    /// We have it, for the peer too, and the peer does not.
    MISSING_THERE("MissingThere", true, true),
    /// They differ, as they do while a change is rolled out: at most two versions in the mesh, not
    /// for long.
    ROLLING_OUT("RollingOut", true, false),
    /// We cannot find out what the peer, or this cluster, has.
    UNKNOWN("Unknown", false, false),
    /// Both have the same version.
    IN_SYNC("InSync", false, false),
    /// It is not meant to be the same: by its members, or by where it is.
    EXEMPT("Exempt", false, false);

    private final String word;
    private final boolean differs;
    private final boolean drift;

    State(String word, boolean differs, boolean drift) {
        this.word = word;
        this.differs = differs;
        this.drift = drift;
    }

    /// By which metrics, reports and pages call it.
    public String word() {
        return word;
    }

    /// Whether the two copies are known not to be the same.
    public boolean differs() {
        return differs;
    }

    /// Whether somebody has to do something about it.
    public boolean isDrift() {
        return drift;
    }

    /// For the order in which people look at them; it decides nothing.
    public State worse(State other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
