package mesh.lockstep.pages;

/// What pages tell of policies.
///
/// @param values whether what policies say is shown, and not only where they differ
public record Discretion(boolean values) {}
