package mesh.lockstep.rollout;

/// How a finding is taken.
public enum Severity {
    /// The change is refused.
    DENY,
    /// The requester is warned.
    WARN,
    /// Recorded in log, metrics and audit annotations; not shown.
    AUDIT
}
