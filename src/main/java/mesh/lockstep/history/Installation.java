package mesh.lockstep.history;

/// Where Lockstep is installed.
///
/// @param namespace that it runs in
public record Installation(String namespace) {}
