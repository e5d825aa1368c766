package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.stream.IntStream;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.AlikeNames;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Test;

class PoolTest {

    private final Pool pool = new Pool();

    @Test
    void givesTheSameForWhatIsEqual() {
        var first = key("a");

        assertThat(pool.shared(first)).isSameAs(first);
        assertThat(pool.shared(key("a"))).isSameAs(first);
        assertThat(pool.shared(key("b"))).isEqualTo(key("b"));
    }

    @Test
    void forgetsWhatNobodyUses() {
        for (int i = 0; i < 1_000; i++) {
            pool.shared(key("policy-" + i));
        }

        await().until(
                        () -> {
                            System.gc();
                            return pool.size() == 0;
                        });
    }

    @Test
    void findsKeysWhoseNamesHaveOneHashCodeAsFastAsOthers() {
        var alike = AlikeNames.of(14).stream().map(PoolTest::key).toList();
        var ordinary =
                IntStream.range(0, alike.size()).mapToObj(it -> key("policy-" + it)).toList();
        assertThat(alike.stream().map(PolicyKey::hashCode).distinct()).hasSize(1);

        ordinary.forEach(pool::shared);
        var few = Effort.of(() -> ordinary.forEach(new Pool()::shared)).nanos();
        var many = Effort.of(() -> alike.forEach(new Pool()::shared)).nanos();

        assertThat(many).isLessThan(50 * few);
    }

    private static PolicyKey key(String name) {
        return new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", name);
    }
}
