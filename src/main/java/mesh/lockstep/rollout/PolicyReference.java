package mesh.lockstep.rollout;

import java.util.Comparator;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Reference;

/// What a policy of this cluster refers to.
///
/// Ordered by policy and reference, of which the members are a consequence.
///
/// @param members for which the policy is meant
public record PolicyReference(PolicyKey key, Reference reference, Members members)
        implements Comparable<PolicyReference> {

    private static final Comparator<PolicyReference> ORDER =
            Comparator.comparing(PolicyReference::key).thenComparing(PolicyReference::reference);

    @Override
    public int compareTo(PolicyReference other) {
        return ORDER.compare(this, other);
    }
}
