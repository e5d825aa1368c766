package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import mesh.lockstep.admission.AdmissionReader;
import mesh.lockstep.admission.AdmissionRequest;
import mesh.lockstep.admission.AdmissionWriter;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.UnreadableReviewException;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.rollout.Trace;
import mesh.lockstep.support.FakeHistories;
import mesh.lockstep.support.FakeNamespaces;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every folder under `scenario/` is a change, what the peers hold, and the answer, word for word:
///
/// - `change.yaml`: `before` and `after` (one of them for a creation or a deletion), `heldHere`
///   where this cluster has meanwhile what is to be created, and settings that are not the default;
///   `history`, the moves that were seen before, the first first, as `cluster2 -> before`, and
///   `deleted`, what was deleted here a while ago. The words in them mean the version of `before`,
///   `after` or a peer, any other one for a version that nobody holds;
/// - `peers/<cluster>.yaml`: the policy that the peer holds, or `holds: nothing`, `holds: its own
///   affair` where it does not share the namespace, or `unreachable: <cause>`; a second document is
///   what the peer shows when it is asked, where that is not what is remembered;
/// - `answer.yaml`: the response. `-Dgolden=write` rewrites it.
class ScenarioFilesTest {

    private static final Path FOLDER = Path.of("src/test/resources/scenario");
    private static final InstantSource NOW =
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final Set<String> SETTINGS =
            Set.of(
                    "why",
                    "level",
                    "namespace",
                    "namespaces",
                    "unknown",
                    "disclose",
                    "groups",
                    "cidrGroups",
                    "heldHere",
                    "history",
                    "deleted",
                    "before",
                    "after");

    @TestFactory
    Stream<DynamicTest> answersAsTheFileSays() throws IOException {
        return scenarios().stream()
                .map(it -> DynamicTest.dynamicTest(it.getFileName().toString(), () -> play(it)));
    }

    @Test
    void everyFileIsRead() throws IOException {
        assertThat(scenarios()).isNotEmpty();
        try (var files = Files.walk(FOLDER)) {
            assertThat(
                            files.filter(Files::isRegularFile)
                                    .map(FOLDER::relativize)
                                    .map(Path::toString))
                    .allMatch(it -> it.matches("[^/]+/(change|answer|peers/[a-z0-9-]+)\\.yaml"));
        }
    }

    private static List<Path> scenarios() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            return folders.sorted().toList();
        }
    }

    private static void play(Path scenario) throws IOException, UnreadableReviewException {
        var change = Yaml.read(scenario.resolve("change.yaml"));
        assertThat(change.fieldNames()).toIterable().isSubsetOf(SETTINGS);

        var answer = Yaml.write(answer(change, peers(scenario.resolve("peers"), change)));

        var file = scenario.resolve("answer.yaml");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(file, answer);
        }
        assertThat(answer).isEqualTo(Files.readString(file));
    }

    private static JsonNode answer(JsonNode change, FakePeers peers)
            throws IOException, UnreadableReviewException {
        var request = reader().read(Reviews.bytes(review(change)));
        var enforcement =
                new Enforcement(
                        Level.valueOf(setting(change, "level", "deny")),
                        Severity.valueOf(setting(change, "unknown", "warn")),
                        Set.of("lockstep:override"),
                        Enforcement.Labels.valueOf(setting(change, "namespaces", "any")));
        var scope = new Scope(namespaces(change), Set.of("kube-system", "lockstep"));
        var judgement =
                new Referee(peers, histories(change, request, peers), scope, enforcement)
                        .judge(
                                request.requested().orElseThrow(),
                                Deadline.in(Duration.ofSeconds(5)));
        var wording = new Wording(Disclosure.valueOf(setting(change, "disclose", "values")));
        var written = new AdmissionWriter(wording).write(request, judgement);
        var response = (ObjectNode) StrictJson.read(written).get("response");
        response.remove("uid");
        response.set("asked", asked(peers));
        return response;
    }

    private static Histories histories(JsonNode change, AdmissionRequest request, FakePeers peers) {
        var judged = request.requested().orElseThrow().change();
        var traces = new HashMap<String, Trace>();
        judged.origin().ifPresent(it -> traces.put("before", trace(it)));
        judged.outcome().ifPresent(it -> traces.put("after", trace(it)));
        for (var view : peers.recall(judged.key())) {
            if (view instanceof PeerView.Holds(var peer, var version, var revision)) {
                traces.put(peer.value(), Trace.of(version, revision));
            }
        }
        Function<String, Trace> named =
                word ->
                        traces.getOrDefault(
                                word,
                                new Trace(
                                        Fingerprint.of(word),
                                        Fingerprint.of(Intent.DEFAULT.members()).low(),
                                        Revision.NONE));
        var history = History.NONE;
        for (var move : change.path("history")) {
            var words = move.asText().split(" -> ", 2);
            history =
                    history.moved(
                            named.apply(words[0]).version(), named.apply(words[1]).version(), 1);
        }
        return new FakeHistories(
                change.has("deleted")
                        ? history.deleting(named.apply(change.get("deleted").asText()), 1)
                        : history);
    }

    private static Trace trace(Policy policy) {
        return Trace.of(policy.version(), policy.intent().revision());
    }

    private static JsonNode asked(FakePeers peers) {
        var asked = JsonNodeFactory.instance.arrayNode();
        peers.asked().forEach(asked::add);
        return asked;
    }

    /// What `namespace` says of the policy's namespace: `enforce`, `shared`, `terminating`.
    private static FakeNamespaces namespaces(JsonNode change) {
        var namespace = change.path("namespace");
        return new FakeNamespaces()
                .with(
                        "default",
                        new Namespace(
                                namespace.path("shared").asBoolean(true),
                                namespace.path("terminating").asBoolean(),
                                Optional.ofNullable(namespace.get("enforce"))
                                        .map(JsonNode::asText)));
    }

    private static JsonNode review(JsonNode change) {
        var review = reviewOf(change);
        var groups = ((ObjectNode) review.at("/request/userInfo")).putArray("groups");
        change.path("groups").forEach(groups::add);
        return review;
    }

    private static JsonNode reviewOf(JsonNode change) {
        var before = change.path("before");
        var after = change.path("after");
        if (before.isMissingNode()) {
            return Reviews.create(after);
        }
        return after.isMissingNode() ? Reviews.delete(before) : Reviews.update(before, after);
    }

    private static FakePeers peers(Path folder, JsonNode change)
            throws IOException, UnreadableReviewException {
        var key =
                reader().read(Reviews.bytes(review(change)))
                        .requested()
                        .map(it -> it.change().key())
                        .orElseThrow();
        var peers = new FakePeers().heldHere(change.path("heldHere").asBoolean());
        for (var groups : change.path("cidrGroups").properties()) {
            var names = new TreeSet<String>();
            groups.getValue().forEach(it -> names.add(it.asText()));
            peers.withGroups(groups.getKey(), names);
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                var peer = file.getFileName().toString().replace(".yaml", "");
                var documents = Yaml.readAll(file);
                assertThat(documents).as("documents of %s", file).hasSizeBetween(1, 2);
                var remembered = documents.getFirst();
                if (remembered.path("holds").asText().equals("nothing")) {
                    peers.lacking(peer);
                } else if (remembered.path("holds").asText().equals("its own affair")) {
                    peers.apart(peer);
                    continue;
                } else if (remembered.has("unreachable")) {
                    peers.unreachable(peer, remembered.get("unreachable").asText());
                } else {
                    peers.holding(peer, read(peer, key, remembered));
                }
                var live = documents.getLast();
                if (live.path("holds").asText().equals("nothing")) {
                    peers.notShowing(peer);
                } else if (live.has("unreachable")) {
                    peers.silent(peer, live.get("unreachable").asText());
                } else if (live.has("deferred")) {
                    peers.deferring(peer, live.get("deferred").asText());
                } else {
                    peers.showing(peer, read(peer, key, live));
                }
            }
        }
        return peers;
    }

    private static AdmissionReader reader() {
        return new AdmissionReader(() -> policies("cluster1"));
    }

    private static Policy read(String holder, PolicyKey key, JsonNode object) throws IOException {
        return policies(holder).read(key, StrictJson.read(Yaml.json(object)));
    }

    private static PolicyReader policies(String holder) {
        return new PolicyReader(Settings.DEFAULTS, Optional.of(new ClusterName(holder)), NOW);
    }

    private static String setting(JsonNode change, String name, String ifAbsent) {
        return change.path(name).asText(ifAbsent).toUpperCase(Locale.ROOT);
    }
}
