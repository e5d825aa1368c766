package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.AlikeNames;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Test;

class GroupUseTest {

    @Test
    void isFoundAsFastWhereGroupsHaveOneHashCode() {
        var alike = AlikeNames.of(14).stream().map(GroupUseTest::use).toList();
        var ordinary = IntStream.range(0, alike.size()).mapToObj(it -> use("g-" + it)).toList();

        size(ordinary);
        var few = Effort.of(() -> size(ordinary)).nanos();
        var many = Effort.of(() -> assertThat(size(alike)).isEqualTo(alike.size())).nanos();

        assertThat(many).isLessThan(50 * few);
    }

    private static int size(List<GroupUse> uses) {
        return new HashSet<>(uses).size();
    }

    private static GroupUse use(String group) {
        var key = new PolicyKey(Kind.NETWORK_POLICY, "default", "a");
        return new GroupUse(key, group, new Members.All());
    }
}
