package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever JSON is read as a policy, it is read the same way each time, and differs in nothing
/// from itself.
@Tag("slow")
class PolicyFuzzTest {

    private static final PolicyReader READER =
            new PolicyReader(Settings.DEFAULTS, Optional.of(new ClusterName("cluster1")));

    static Stream<byte[]> seeds() throws IOException {
        return EqualityFilesTest.files().stream().flatMap(PolicyFuzzTest::documents);
    }

    private static Stream<byte[]> documents(Path file) {
        return Yaml.readAll(file).stream().map(Yaml::json);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void reads(byte[] json) {
        tree(json).ifPresent(tree -> Effort.within(Duration.ofSeconds(10), () -> read(tree)));
    }

    private static Policy read(JsonNode tree) {
        var policy = READER.read(Policies.KEY, tree);
        var again = READER.read(Policies.KEY, tree);
        var fromJson = READER.read(Policies.KEY, tree(Yaml.json(tree)).orElseThrow());
        for (var other : new Policy[] {again, fromJson}) {
            assertThat(other.meaning()).isEqualTo(policy.meaning());
            assertThat(other.version()).isEqualTo(policy.version());
            assertThat(other.intent()).isEqualTo(policy.intent());
            assertThat(Policies.differences(policy, other)).isEmpty();
        }
        return policy;
    }

    private static Optional<JsonNode> tree(byte[] json) {
        try {
            return Optional.of(StrictJson.read(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
