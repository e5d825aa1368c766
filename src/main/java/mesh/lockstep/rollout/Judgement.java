package mesh.lockstep.rollout;

/// A verdict and how it was reached.
///
/// @param asked whether peers were read live; otherwise memory was enough
public record Judgement(Verdict verdict, boolean asked) {}
