package mesh.lockstep.vigil;

/// By which a loop says that it turns.
@FunctionalInterface
public interface Heartbeat {

    /// Costs nothing worth counting.
    void beat();
}
