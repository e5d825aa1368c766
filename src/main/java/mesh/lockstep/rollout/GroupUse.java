package mesh.lockstep.rollout;

import mesh.lockstep.policy.Members;

/// A CIDR group that a policy of this cluster names.
///
/// @param members for which the policy is meant
public record GroupUse(String group, Members members) {}
