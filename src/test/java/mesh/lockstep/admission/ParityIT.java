package mesh.lockstep.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.support.Twins;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An executable answers byte for byte as a JVM does: to all that may be posted, to the pairs of
/// policies of the equality tests, of which a peer holds one, and on its pages.
@Tag("native")
class ParityIT {

    private static final Path EQUALITY = Path.of("src/test/resources/equality");

    @TempDir static Path folder;
    private static StubApiServer peer;
    private static Twins twins;

    /// @param name what both policies are called
    private record Pair(String name, ObjectNode one, ObjectNode other) {}

    @BeforeAll
    static void start() throws IOException {
        var authority = TestCertificate.authority();
        peer = new StubApiServer(authority.issueFor("127.0.0.1")).start();
        hold(Reviews.policy(80));
        long held = 1;
        for (var pair : pairs()) {
            hold(pair.other);
            held++;
        }
        var peers = Files.createDirectory(folder.resolve("peers"));
        Files.writeString(peers.resolve("cluster2"), Kubeconfigs.withToken(peer.url(), authority));
        twins = new Twins(folder, Map.of("LOCKSTEP_PEERS_DIRECTORY", peers.toString()));
        var all = held;
        twins.awaitBoth("/mesh/peers", page -> remembered(page) == all);
    }

    private static long remembered(Response page) {
        long policies = 0;
        for (var number : Yaml.read(page.asString()).at("/peers/0/policies")) {
            policies += number.asLong();
        }
        return policies;
    }

    @AfterAll
    static void end() {
        twins.close();
        peer.close();
    }

    static List<BadInput> reviews() {
        return BadInput.of("reviews");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reviews")
    void whateverIsPosted(BadInput input) throws IOException, InterruptedException {
        assertThat(twins.answer(server -> BadReviews.request(server, input)))
                .startsWith(input.answer().path("status").asText() + " ")
                .doesNotContain(BadInput.SECRET);
    }

    @Test
    void whateverTwoPoliciesAre() throws IOException, InterruptedException {
        var kinds = new TreeSet<String>();
        for (var pair : pairs()) {
            for (var review :
                    List.of(
                            Reviews.create(pair.one),
                            Reviews.create(pair.other),
                            Reviews.update(pair.other, pair.one),
                            Reviews.update(pair.one, pair.other))) {
                var answer = twins.answer(server -> request(server, review));
                kinds.add(kind(answer));
            }
        }
        assertThat(kinds).containsExactly("admitted", "admitted with warnings", "refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mesh",
                "/mesh/style.css",
                "/mesh/icon.svg",
                "/mesh/policies",
                "/mesh/peers",
                "/mesh/nothing",
                "/mesh?state=nonsense",
                "/mesh/policy/CiliumNetworkPolicy/default/allow-api",
                "/nothing"
            })
    void whatThePagesShow(String path) {
        var pages = twins.management(path);

        assertThat(pages.getFirst().statusCode()).isEqualTo(pages.getLast().statusCode());
        assertThat(shown(pages.getFirst())).isEqualTo(shown(pages.getLast())).isNotEmpty();
    }

    /// The order of the checks is that in which they answer.
    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/group/mesh"})
    void howTheyAre(String path) {
        var pages = twins.management(path);

        assertThat(checks(pages.getFirst())).isEqualTo(checks(pages.getLast())).isNotEmpty();
    }

    private static Set<JsonNode> checks(Response page) {
        var checks = new HashSet<JsonNode>();
        Yaml.read(masked(page.asString())).path("checks").forEach(checks::add);
        return checks;
    }

    private static String shown(Response page) {
        return page.contentType() + masked(page.asString());
    }

    /// Numbers are times and ports, which no two processes have in common.
    private static String masked(String text) {
        return text.replaceAll("[0-9]+", "N");
    }

    private static String kind(String answer) {
        if (answer.contains("\"allowed\":false")) {
            return "refused";
        }
        return answer.contains("\"warnings\"") ? "admitted with warnings" : "admitted";
    }

    private static HttpRequest request(URI server, JsonNode review) {
        return HttpRequest.newBuilder(server.resolve("/validate?timeout=30s"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Reviews.bytes(review)))
                .build();
    }

    private static void hold(JsonNode policy) {
        var kind = kindOf(policy);
        var metadata = policy.path("metadata");
        var key =
                Stream.of("namespace", "name")
                        .filter(metadata::has)
                        .map(it -> metadata.path(it).asText())
                        .toList();
        peer.policies()
                .put(
                        kind.plural(),
                        String.join("/", key),
                        new String(Yaml.json(policy.path("spec")), UTF_8));
    }

    private static Kind kindOf(JsonNode policy) {
        return Stream.of(Kind.values())
                .filter(it -> it.kindName().equals(policy.path("kind").asText()))
                .findFirst()
                .orElseThrow();
    }

    /// Those with one spec each.
    private static List<Pair> pairs() throws IOException {
        var pairs = new ArrayList<Pair>();
        try (var files = Files.walk(EQUALITY)) {
            for (var file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
                var documents = Yaml.readAll(file);
                var clusterwide = documents.getFirst().at("/options/clusterwide").asBoolean();
                var name = "pair-" + pairs.size();
                var sides =
                        documents.stream()
                                .filter(it -> it.path("spec").isObject())
                                .map(it -> named(it, name, clusterwide))
                                .toList();
                if (sides.size() == 2) {
                    pairs.add(new Pair(name, sides.getFirst(), sides.getLast()));
                }
            }
        }
        assertThat(pairs).hasSizeGreaterThan(300);
        return pairs;
    }

    private static ObjectNode named(JsonNode policy, String name, boolean clusterwide) {
        var named = policy.<ObjectNode>deepCopy();
        var kind =
                clusterwide ? Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY : Kind.CILIUM_NETWORK_POLICY;
        named.put("apiVersion", "cilium.io/v2").put("kind", kind.kindName());
        var metadata = named.withObject("/metadata").put("name", name);
        if (clusterwide) {
            metadata.remove("namespace");
        } else {
            metadata.put("namespace", "default");
        }
        return named;
    }
}
