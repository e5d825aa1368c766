package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
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

    private static PolicyKey key(String name) {
        return new PolicyKey(Kind.NETWORK_POLICY, "default", name);
    }
}
