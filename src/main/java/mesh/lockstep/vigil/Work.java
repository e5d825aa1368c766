package mesh.lockstep.vigil;

/// A loop without an end.
@FunctionalInterface
public interface Work {

    /// Does not return until its thread is interrupted. Where it does, or throws anything, it is
    /// started again.
    ///
    /// @param heartbeat to be told of each turn, every few minutes at least
    void run(Heartbeat heartbeat) throws InterruptedException;
}
