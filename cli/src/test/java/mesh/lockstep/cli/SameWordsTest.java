package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.cli.Prospect.Fate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Namespaces.Namespace;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the webhook would say of a change, the command line says in the same words: for every
/// scenario of the webhook's own tests that is one of what members hold now. The others are about
/// what was seen before, settings of a webhook, deletions, and peers that show something else than
/// what is remembered.
class SameWordsTest {

    private static final Path SCENARIOS = Path.of("../src/test/resources/scenario");
    private static final ClusterName HERE = new ClusterName("cluster1");
    private static final Set<String> OTHER_STORIES =
            Set.of("history", "deleted", "heldHere", "unknown", "groups", "namespaces", "disclose");

    @TestFactory
    Stream<DynamicTest> ofEveryScenario() throws IOException {
        return scenarios().stream()
                .map(it -> DynamicTest.dynamicTest(it.getFileName().toString(), () -> play(it)));
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(scenarios()).hasSizeGreaterThan(60);
        assertThat(scenarios().stream().map(it -> answer(it).path("allowed").asBoolean()))
                .contains(true, false);
    }

    private static List<Path> scenarios() throws IOException {
        try (var folders = Files.list(SCENARIOS)) {
            return folders.filter(SameWordsTest::isOfNow).sorted().toList();
        }
    }

    private static boolean isOfNow(Path scenario) {
        var change = change(scenario);
        return change.has("after")
                && OTHER_STORIES.stream().noneMatch(change::has)
                && peers(scenario).stream().allMatch(it -> Yaml.readAll(it).size() == 1);
    }

    private static JsonNode change(Path scenario) {
        return Yaml.readAll(scenario.resolve("change.yaml")).getFirst();
    }

    private static JsonNode answer(Path scenario) {
        return Yaml.readAll(scenario.resolve("answer.yaml")).getFirst();
    }

    private static List<Path> peers(Path scenario) {
        try (var files = Files.list(scenario.resolve("peers"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void play(Path scenario) throws IOException {
        var change = change(scenario);
        var after = strict(change.path("after"));
        var kind = after.path("kind").asText();
        var metadata = after.path("metadata");
        var key =
                PolicyKey.of(
                                kind,
                                metadata.path("namespace").asText(),
                                metadata.path("name").asText())
                        .orElseThrow();
        var holdings = new ArrayList<Holding>();
        var before = change.path("before");
        holdings.add(
                new Holding(
                        member(HERE, change),
                        key,
                        before.isMissingNode() ? notFound(key) : given(key, before),
                        namespace(change.path("namespace"))));
        for (var file : peers(scenario)) {
            var name = new ClusterName(file.getFileName().toString().replace(".yaml", ""));
            holdings.add(peer(member(name, change), key, Yaml.readAll(file).getFirst()));
        }
        var level = Level.valueOf(change.path("level").asText("deny").toUpperCase(Locale.ROOT));

        var prospect =
                new Forecast(
                                new Manifest(
                                        "change.yaml",
                                        new Spot(Optional.empty(), 1, 1),
                                        key,
                                        after,
                                        after),
                                holdings,
                                List.of(),
                                level)
                        .prospects()
                        .getFirst();

        var answer = answer(scenario);
        assertThat(prospect.cluster()).isEqualTo(HERE);
        assertThat(prospect.fate() == Fate.REFUSED).isEqualTo(!answer.path("allowed").asBoolean());
        assertThat(prospect.said()).isEqualTo(answer.path("status").path("message").asText());
        var warnings = new ArrayList<String>();
        answer.path("warnings").forEach(it -> warnings.add(it.asText()));
        assertThat(prospect.warnings()).isEqualTo(warnings);
    }

    private static Holding peer(Member member, PolicyKey key, JsonNode holds) throws IOException {
        var word = holds.path("holds").asText();
        if (word.equals("its own affair")) {
            var apart = new Namespace(false, false, Optional.empty());
            return new Holding(member, key, notFound(key), apart);
        }
        var answer =
                holds.has("unreachable")
                        ? new Answer.Lost(holds.path("unreachable").asText())
                        : word.equals("nothing") ? notFound(key) : given(key, holds);
        return new Holding(member, key, answer, Namespace.ORDINARY);
    }

    private static Answer given(PolicyKey key, JsonNode object) throws IOException {
        var policy = (ObjectNode) strict(object);
        policy.withObject("/metadata").put("name", key.name());
        if (key.kind().namespaced()) {
            policy.withObject("/metadata").put("namespace", key.namespace());
        }
        return new Answer.Given(policy, "");
    }

    private static Answer notFound(PolicyKey key) {
        var status = JsonNodeFactory.instance.objectNode().put("reason", "NotFound");
        status.putObject("details").put("kind", key.kind().plural()).put("name", key.name());
        return new Answer.Rejected(404, status, Duration.ZERO, "");
    }

    private static Namespace namespace(JsonNode said) {
        return new Namespace(
                said.path("shared").asBoolean(true),
                said.path("terminating").asBoolean(),
                Optional.ofNullable(said.get("enforce")).map(JsonNode::asText));
    }

    private static Member member(ClusterName name, JsonNode change) {
        var groups = change.path("cidrGroups").path(name.value());
        var names = new TreeSet<String>();
        groups.forEach(it -> names.add(it.asText()));
        var facts =
                groups.isMissingNode()
                        ? MemberFacts.UNKNOWN
                        : MemberFacts.UNKNOWN.withCidrGroups(Optional.of(names));
        return new Member(name.value(), name, Optional.empty(), facts, nobody());
    }

    /// No scenario asks an API server.
    private static PeerApi nobody() {
        var client =
                (HttpClient)
                        Proxy.newProxyInstance(
                                HttpClient.class.getClassLoader(),
                                new Class<?>[] {HttpClient.class},
                                (_, method, _) -> {
                                    throw new AssertionError(method);
                                });
        return new PeerApi(client, URI.create("https://nobody"), Intake.ofHeap());
    }

    private static JsonNode strict(JsonNode object) throws IOException {
        return StrictJson.read(StrictJson.write(object));
    }
}
