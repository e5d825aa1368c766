package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mesh.lockstep.oracle.Pair;
import mesh.lockstep.policy.AsWritten.Extent;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Statement.Said;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeaningsTest {

    private static final String READER = "a reader";

    /// What was read, one after the other.
    private final List<List<JsonNode>> read = new ArrayList<>();

    @Test
    void readsOnceWhatSaysTheSame() {
        var meanings = new Meanings(10);
        var first = meanings.of(READER, spec("{port: 80}", this::asText));
        var second = meanings.of(READER, spec("{port: 80}", this::asText));

        assertThat(second).isEqualTo(first);
        assertThat(second.asWritten()).isEmpty();
        assertThat(read).hasSize(1);
    }

    @Test
    void readsAgainForTheStatementsAndOnce() {
        var meanings = new Meanings(10);
        var first = meanings.of(READER, spec("{port: 80}", this::asText));
        var second = meanings.of(READER, spec("{port: 80}", this::asText));

        assertThat(second.statements()).isEqualTo(first.statements()).hasSize(1);
        assertThat(second.statements()).isSameAs(second.statements());
        assertThat(second).hasToString(first.toString());
        assertThat(read).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{port: 81}",
                "{port: '80'}",
                "{'80': port}",
                "{port: [80]}",
                "{port: {'80': ''}}",
                "{port: 80, more: {}}",
                "{port: 80.5}",
                "[port, 80]",
                "'{port: 80}'",
            })
    void readsWhatSaysAnother(String other) {
        var meanings = new Meanings(10);
        meanings.of(READER, spec("{port: 80}", this::asText));
        meanings.of(READER, spec(other, this::asText));

        assertThat(read).hasSize(2);
    }

    @Test
    void readsAgainForAnotherReader() {
        var meanings = new Meanings(10);
        meanings.of(READER, spec("{port: 80}", this::asText));
        meanings.of("another", spec("{port: 80}", this::asText));

        assertThat(read).hasSize(2);
    }

    @Test
    void readsEachTimeWhatIsComparedAsWritten() {
        var meanings = new Meanings(10);
        for (int i = 0; i < 3; i++) {
            var meaning = meanings.of(READER, spec("{port: 80}", _ -> written()));
            assertThat(meaning.asWritten()).contains("a reason");
        }
    }

    @Test
    void forgetsWhatWasNotAskedForTheLongestTime() {
        var meanings = new Meanings(2);
        meanings.of(READER, spec("1", this::asText));
        meanings.of(READER, spec("2", this::asText));
        meanings.of(READER, spec("1", this::asText));
        meanings.of(READER, spec("3", this::asText));
        read.clear();

        meanings.of(READER, spec("1", this::asText));
        assertThat(read).isEmpty();
        meanings.of(READER, spec("2", this::asText));
        assertThat(read).hasSize(1);
    }

    /// Whatever was read before, by whomever.
    @Test
    void changesNoMeaning() {
        var memory = new Meanings(1_000);
        var readers =
                List.of(
                        new PolicyReader(),
                        new PolicyReader(new Settings(false)),
                        new PolicyReader().in(new ClusterName("east")),
                        new PolicyReader().in(new ClusterName("west")));
        for (long index = 0; index < 500; index++) {
            var pair = Pair.random(7, index);
            for (var object : List.of(pair.a(), pair.b(), pair.a().deepCopy())) {
                for (var reader : readers) {
                    for (var key : List.of(Policies.KEY, clusterwide())) {
                        var policy = reader.with(memory).read(key, object);
                        var expected = reader.read(key, object);
                        assertThat(policy.version()).isEqualTo(expected.version());
                        assertThat(policy.meaning().asWritten())
                                .isEqualTo(expected.meaning().asWritten());
                        assertThat(policy.meaning().written())
                                .isEqualTo(expected.meaning().written());
                        assertThat(policy.meaning().statements())
                                .isEqualTo(expected.meaning().statements());
                    }
                }
            }
        }
    }

    private static PolicyKey clusterwide() {
        return new PolicyKey(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "allow-api");
    }

    private static Spec spec(String yaml, Function<List<JsonNode>, Meaning> reading) {
        return Spec.of(Yaml.read("spec: " + yaml), UnaryOperator.identity(), reading);
    }

    private Meaning asText(List<JsonNode> rules) {
        read.add(rules);
        return Meaning.of(List.of(new Said(List.of(rules.toString()))));
    }

    private static Meaning written() {
        return Meaning.asWritten("80", new AsWritten(Extent.WHOLE, Optional.empty(), "a reason"));
    }
}
