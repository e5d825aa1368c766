package mesh.lockstep.policy;

/// A Cilium policy as one cluster holds it.
public record Policy(PolicyKey key, Spec spec, Meaning meaning) {}
