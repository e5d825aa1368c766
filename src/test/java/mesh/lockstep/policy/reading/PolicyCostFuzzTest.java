package mesh.lockstep.policy.reading;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Growth;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever policy is read: as a text or a list in it grows, so does what it costs, and no more;
/// and the stack that it takes does not.
@Tag("slow")
class PolicyCostFuzzTest {

    private static final PolicyReader READER =
            new PolicyReader(Settings.DEFAULTS, Optional.of(new ClusterName("cluster1")));

    /// Characters.
    private static final int SIZE = 3_000;

    /// In which each is grown, one after the other.
    private static final int PLACES = 3;

    static Stream<byte[]> seeds() throws IOException {
        return PolicyFuzzTest.seeds().map(PolicyCostFuzzTest::annotated);
    }

    private static byte[] annotated(byte[] json) {
        var object = (ObjectNode) tree(json).orElseThrow();
        object.withObject("/metadata/annotations")
                .put(Intent.REVISION, "1")
                .put(Intent.MEMBERS, "cluster1, cluster2")
                .put(Intent.RELATIVE, "true");
        return Yaml.json(object);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void costsAsMuchAsItIsLong(byte[] json) {
        if (tree(json).isPresent()) {
            for (int i = 0; i < PLACES; i++) {
                var at = Growth.place(json) + i;
                Growth.isBounded(SIZE, size -> reading(json, at, size));
            }
        }
    }

    private static Runnable reading(byte[] json, long place, int size) {
        var policy = Growth.grown(tree(json).orElseThrow(), place, size);
        return () -> READER.read(Policies.KEY, policy);
    }

    private static Optional<JsonNode> tree(byte[] json) {
        try {
            return Optional.of(StrictJson.read(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
