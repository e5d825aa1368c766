package mesh.lockstep.rollout;

/// How strictly differences are taken, from the strictest.
public enum Level {
    /// One version only: every difference but a rollout that was declared is refused.
    STRICT,
    /// A third version is refused.
    DENY,
    /// Nothing is refused, everything is said.
    WARN,
    /// Nothing is refused or said, everything is recorded.
    AUDIT
}
