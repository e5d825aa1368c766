package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Reference;
import mesh.lockstep.support.AlikeNames;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Test;

class PolicyReferenceTest {

    /// Eight times as many cost no more than thirty times as much; a search of all would cost 64.
    @Test
    void isFoundByItsOrderWhereNamesHaveOneHashCode() {
        var few = alike(11);
        var many = alike(14);

        size(many);
        var once = Effort.of(() -> size(few)).nanos();
        var again = Effort.of(() -> assertThat(size(many)).isEqualTo(many.size())).nanos();

        assertThat(again).isLessThan(30 * Math.max(once, 5_000_000));
    }

    private static List<PolicyReference> alike(int power) {
        return AlikeNames.of(power).stream().map(PolicyReferenceTest::reference).toList();
    }

    private static int size(List<PolicyReference> references) {
        return new HashSet<>(references).size();
    }

    private static PolicyReference reference(String group) {
        var key = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "a");
        return new PolicyReference(
                key, new Reference(Reference.CIDR_GROUP, group), new Members.All());
    }
}
