package mesh.lockstep.rollout;

import java.util.Comparator;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;

/// A CIDR group that a policy of this cluster names.
///
/// Ordered by policy and group, which determine the members: whoever names groups can give
/// thousands of them one hash code, and sets find those by their order.
///
/// @param members for which the policy is meant
public record GroupUse(PolicyKey key, String group, Members members)
        implements Comparable<GroupUse> {

    private static final Comparator<GroupUse> ORDER =
            Comparator.comparing(GroupUse::key).thenComparing(GroupUse::group);

    @Override
    public int compareTo(GroupUse other) {
        return ORDER.compare(this, other);
    }
}
