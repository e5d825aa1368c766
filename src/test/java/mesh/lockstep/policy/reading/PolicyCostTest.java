package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import mesh.lockstep.difference.Redundancy;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Effort.Cost;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What reading a policy costs grows as the policy does, whichever of its fields grows, and however
/// it multiplies.
@Tag("slow")
class PolicyCostTest {

    private static final int SMALL = 10_000;
    private static final int MEDIUM = 100_000;
    private static final int LARGE = 1_000_000;

    /// As much as is noise: a quadratic reading of 100 KB takes seconds.
    private static final Cost NOISE = new Cost(100_000_000, 2_000_000);

    /// Ten times the size, ten times the cost, and some for sorting and for caches.
    private static final int RATIO = 25;

    static Stream<Named<IntFunction<String>>> policies() {
        return HostilePolicies.all().entrySet().stream()
                .map(it -> Named.of(it.getKey(), it.getValue()));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void growsAsThePolicyDoes(IntFunction<String> policy) throws IOException {
        var small = cost(policy, SMALL);
        var medium = cost(policy, MEDIUM);
        assertGrown(small, medium);
        assertGrown(medium, cost(policy, LARGE));
    }

    private static void assertGrown(Cost few, Cost many) {
        assertThat(many.bytes()).isLessThan(RATIO * Math.max(few.bytes(), NOISE.bytes()));
        assertThat(many.nanos()).isLessThan(RATIO * Math.max(few.nanos(), NOISE.nanos()));
    }

    private static Cost cost(IntFunction<String> policy, int size) throws IOException {
        var tree = tree(policy.apply(size));
        return Effort.of(
                () -> {
                    var meaning = read(tree);
                    Redundancy.mayBeWithoutEffect(meaning, ANOTHER);
                    Redundancy.mayBeWithoutEffect(ANOTHER, meaning);
                });
    }

    private static final Meaning ANOTHER =
            Policies.withSpec("endpointSelector: {}\ningress: [{fromCIDR: [10.0.0.0/8]}]")
                    .meaning();

    private static Meaning read(JsonNode tree) {
        return new PolicyReader().read(Policies.KEY, tree).meaning();
    }

    private static JsonNode tree(String spec) throws IOException {
        return StrictJson.read(("{\"spec\":" + spec + "}").getBytes(StandardCharsets.UTF_8));
    }
}
