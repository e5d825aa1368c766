package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories of one policy on three real clusters: applied in one of three versions at one
/// of three revisions, edited, relabelled, deleted; now and then a webhook is away for a while. One
/// writes after the other, so what each cluster holds at the time of a request is known, and every
/// answer can be checked against it.
///
/// `-Dhistories=500` plays as many for each seed; by default a few.
class HistoriesIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<ClusterApi> CLUSTERS =
            List.of(
                    new ClusterApi(MESH, "cluster1"),
                    new ClusterApi(MESH, "cluster2"),
                    new ClusterApi(MESH, "cluster3"));
    private static final int HISTORIES = Integer.getInteger("histories", 20);
    private static final int OPERATIONS = 12;
    private static final int SPECS = 3;
    private static final int REVISIONS = 3;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern WITNESS = Pattern.compile("(cluster\\d)[^\\[]* \\[(\\w+)]");

    /// What a cluster holds.
    private record Copy(int spec, int revision) {}

    private static final Copy NOTHING = new Copy(-1, -1);

    private final Map<String, Copy> held = new HashMap<>();
    private int operations;
    private int refusals;
    private int conflictsByLag;
    private int refusedBeforeTheJoinWasSeen;

    @AfterAll
    static void close() {
        CLUSTERS.forEach(ClusterApi::close);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyAnswerIsRightAndAgreementStaysInReach(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var name = "history-" + seed + "-" + i;
            held.clear();
            var away =
                    random.nextInt(20) == 0
                            ? Optional.of(pick(random).cluster())
                            : Optional.<String>empty();
            away.ifPresent(MESH::stopWebhook);
            for (int j = 0; j < OPERATIONS; j++) {
                if (j == OPERATIONS / 2) {
                    away.ifPresent(MESH::startWebhook);
                }
                operate(name, random);
            }
            agreeAgain(name);
        }
        System.out.printf(
                "Histories of seed %d: %d with %d operations, %d refused, each with a true witness (%d of"
                        + " them before it was seen that another peer has the same); %d conflicts admitted while a"
                        + " change was on its way to the peers or a webhook was away%n",
                seed, HISTORIES, operations, refusals, refusedBeforeTheJoinWasSeen, conflictsByLag);
    }

    private void operate(String name, Random random) {
        var api = pick(random);
        var copy = held.get(api.cluster());
        switch (random.nextInt(8)) {
            case 0 -> delete(api, name);
            case 1 -> {
                if (copy != null) {
                    passes(api.patch(name, label(random.nextInt(1000))), "a label");
                }
            }
            case 2 -> {
                if (copy != null) {
                    passes(apply(api, name, copy), "a re-apply");
                }
            }
            default -> write(api, name, random);
        }
    }

    private void delete(ClusterApi api, String name) {
        if (held.remove(api.cluster()) != null) {
            passes(api.delete(name), "a deletion");
        }
    }

    /// Mostly what some cluster holds, or one of few revisions: as in life, most writes join or
    /// begin a rollout.
    private void write(ClusterApi api, String name, Random random) {
        var others = new ArrayList<>(held.values());
        var copy =
                others.isEmpty() || random.nextBoolean()
                        ? new Copy(random.nextInt(SPECS), random.nextInt(REVISIONS))
                        : others.get(random.nextInt(others.size()));
        operations++;
        var answer = apply(api, name, copy);
        if (answer.succeeded()) {
            if (isConflict(api.cluster(), copy)) {
                conflictsByLag++;
            }
            held.put(api.cluster(), copy);
        } else {
            refusals++;
            if (!isConflict(api.cluster(), copy)) {
                refusedBeforeTheJoinWasSeen++;
            }
            checkRefusal(api.cluster(), copy, answer);
        }
    }

    /// A refusal is 403, names a witness, and that cluster really holds what the refusal says.
    private void checkRefusal(String here, Copy copy, Answer answer) {
        assertThat(answer.code()).as(answer.message()).isEqualTo(403);
        assertThat(copy).as("an update that keeps what counts").isNotEqualTo(held.get(here));
        var matcher = WITNESS.matcher(answer.message());
        assertThat(matcher.find()).as(answer.message()).isTrue();
        var theirs = held.getOrDefault(matcher.group(1), NOTHING);
        assertThat(theirs).as(answer.message()).isNotEqualTo(NOTHING);
        assertThat(matcher.group(2))
                .as("%s in %s against %s: %s", copy, here, held, answer.message())
                .isEqualTo(theirs.revision() > copy.revision() ? "Newer" : "Differs");
        assertThat(theirs.spec()).isNotEqualTo(copy.spec());
        assertThat(theirs.revision()).isGreaterThanOrEqualTo(copy.revision());
    }

    /// Whether all that is held being known, the write would have been refused.
    private boolean isConflict(String here, Copy copy) {
        var before = held.get(here);
        var joins =
                held.entrySet().stream()
                        .anyMatch(it -> !it.getKey().equals(here) && it.getValue().equals(copy));
        return !copy.equals(before)
                && held.entrySet().stream()
                        .filter(
                                it ->
                                        !it.getKey().equals(here)
                                                && it.getValue().spec() != copy.spec())
                        .map(Map.Entry::getValue)
                        .anyMatch(
                                it ->
                                        it.revision() > copy.revision()
                                                || (it.revision() == copy.revision()
                                                        && !joins
                                                        && (before == null
                                                                || before.spec() != it.spec())));
    }

    /// Applying to all what one holds at the highest revision is never refused, and ends in
    /// silence.
    private void agreeAgain(String name) {
        var goal =
                held.values().stream()
                        .max(Comparator.comparingInt(Copy::revision))
                        .orElse(new Copy(0, 0));
        for (var api : CLUSTERS) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(apply(api, name, goal).code()).isLessThan(300));
        }
        for (var api : CLUSTERS) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(apply(api, name, goal).warnings()).isEmpty());
        }
        CLUSTERS.forEach(api -> passes(api.delete(name), "a deletion"));
    }

    private void passes(Answer answer, String what) {
        operations++;
        assertThat(answer.code()).as("%s: %s", what, answer.message()).isLessThan(300);
    }

    private static Answer apply(ClusterApi api, String name, Copy copy) {
        return api.apply(name, policy(name, copy), "history", false);
    }

    private static ClusterApi pick(Random random) {
        return CLUSTERS.get(random.nextInt(CLUSTERS.size()));
    }

    private static JsonNode label(int value) {
        var patch = (ObjectNode) Yaml.read("metadata: {labels: {}}");
        ((ObjectNode) patch.at("/metadata/labels")).put("value", "v" + value);
        return patch;
    }

    private static JsonNode policy(String name, Copy copy) {
        return Yaml.read(
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata: {name: %s, namespace: default, annotations: {lockstep.mesh/revision: "%d"}}
                spec:
                  endpointSelector: {matchLabels: {app: api}}
                  ingress:
                  - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
                """
                        .formatted(name, copy.revision(), 1000 + copy.spec()));
    }
}
