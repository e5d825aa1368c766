package mesh.lockstep.rollout;

import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;

/// A CIDR group that a policy of this cluster names.
///
/// @param members for which the policy is meant
public record GroupUse(PolicyKey key, String group, Members members) {}
