package mesh.lockstep.admission;

/// What messages tell about a peer's policy.
public enum Disclosure {
    /// Where policies differ, and what each says there.
    VALUES,
    /// Only where they differ.
    PATHS
}
