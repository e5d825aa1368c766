package mesh.lockstep.rollout;

/// What reports and pages tell of policies.
///
/// @param values whether what policies say is shown, and not only where
public record Discretion(boolean values) {}
