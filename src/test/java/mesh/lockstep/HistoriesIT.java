package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import mesh.lockstep.Ledger.Copy;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories of one policy on three real clusters: applied in one of three versions at one
/// of three revisions, edited, relabeled, deleted; now and then a webhook is down for a while. One
/// write follows the other, so every answer can be checked against what the clusters really have.
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

    /// A webhook takes seconds to restart.
    private static final int HISTORIES_PER_OUTAGE = 40;

    private static final Duration OFTEN = Duration.ofMillis(10);

    private Ledger ledger = new Ledger();
    private Optional<String> away = Optional.empty();
    private int operations;
    private int refusals;
    private int refusedBeforeTheJoinWasSeen;
    private int refusedForWantOfHistory;
    private int conflictsByLag;
    private int conflictsUnjudged;
    private int conflictsRefusedInTheEnd;

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
            ledger = new Ledger();
            if (i % HISTORIES_PER_OUTAGE == 0) {
                stopWebhook(pick(random).cluster());
            }
            for (int j = 0; j < OPERATIONS; j++) {
                if (j == OPERATIONS / 2) {
                    away.ifPresent(this::startWebhook);
                }
                operate(name, random);
            }
            refuseAConflictInTheEnd(name);
            agreeAgain(name);
        }

        // Not vacuous: a webhook that admits everything gets no further than this.
        assertThat(refusals).isPositive();
        assertThat(conflictsRefusedInTheEnd).isPositive();
        System.out.printf(
                "Histories of seed %d: %d with %d operations, %d refusals (%d before a join was seen, %d of"
                        + " what was not known, or not any more, to be on the line), 0 violations, %d conflicts admitted by lag and %d with the webhook away,"
                        + " %d of %d ends offered a conflict and refused it%n",
                seed,
                HISTORIES,
                operations,
                refusals,
                refusedBeforeTheJoinWasSeen,
                refusedForWantOfHistory,
                conflictsByLag,
                conflictsUnjudged,
                conflictsRefusedInTheEnd,
                HISTORIES);
    }

    private void operate(String name, Random random) {
        var api = pick(random);
        var copy = ledger.heldIn(api.cluster());
        switch (copy.isEmpty() ? REVISIONS : random.nextInt(8)) {
            case 0 -> delete(api, name);
            case 1 -> {
                var answer = api.patch(name, label(random.nextInt(1000)));
                ledger.record("label", api.cluster(), answer);
                passes(answer);
            }
            case 2 -> copy.ifPresent(it -> passes(apply(api, name, it)));
            default -> write(api, name, someCopy(random));
        }
    }

    /// As in life, many writes join what some cluster holds.
    private Copy someCopy(Random random) {
        var copies = ledger.copies();
        return copies.isEmpty() || random.nextBoolean()
                ? new Copy(random.nextInt(SPECS), random.nextInt(REVISIONS))
                : copies.get(random.nextInt(copies.size()));
    }

    private Answer write(ClusterApi api, String name, Copy copy) {
        operations++;
        var here = api.cluster();
        var conflict = ledger.isConflict(here, copy);
        var answer = apply(api, name, copy);
        if (!answer.succeeded()) {
            refusals++;
            ledger.checkRefusal(here, copy, answer);
            if (!conflict && ledger.isJoining(here, copy)) {
                refusedBeforeTheJoinWasSeen++;
            } else if (!conflict) {
                refusedForWantOfHistory++;
            }
        } else if (conflict && away.equals(Optional.of(here))) {
            conflictsUnjudged++;
        } else if (conflict) {
            conflictsByLag++;
        }
        return answer;
    }

    /// However far memory was behind: what conflicts is refused as soon as it has caught up.
    private void refuseAConflictInTheEnd(String name) {
        for (var api : CLUSTERS) {
            for (var copy : allCopies()) {
                if (ledger.isConflict(api.cluster(), copy)) {
                    var policy = policy(name, copy);
                    await("the refusal of %s in %s%n%s".formatted(copy, api.cluster(), ledger))
                            .atMost(SOON)
                            .pollInterval(OFTEN)
                            .until(() -> api.apply(name, policy, "history", true).code() == 403);
                    conflictsRefusedInTheEnd++;
                    return;
                }
            }
        }
    }

    /// Applying to all what one holds at the highest revision ends in silence. Only a webhook that
    /// does not know the first one yet may refuse at first, and rightly.
    private void agreeAgain(String name) {
        var goal = ledger.newest().orElse(new Copy(0, 0));
        for (var api : CLUSTERS) {
            assertThat(ledger.isConflict(api.cluster(), goal)).as("goal\n%s", ledger).isFalse();
            await().atMost(SOON)
                    .pollInterval(OFTEN)
                    .until(() -> write(api, name, goal).succeeded());
        }
        for (var api : CLUSTERS) {
            await().atMost(SOON)
                    .pollInterval(OFTEN)
                    .until(() -> apply(api, name, goal).warnings().isEmpty());
        }
        CLUSTERS.forEach(api -> delete(api, name));
    }

    private Answer apply(ClusterApi api, String name, Copy copy) {
        var answer = api.apply(name, policy(name, copy), "history", false);
        ledger.recordApply(api.cluster(), copy, answer);
        return answer;
    }

    private void delete(ClusterApi api, String name) {
        var answer = api.delete(name);
        ledger.recordDelete(api.cluster(), answer);
        passes(answer);
    }

    private void passes(Answer answer) {
        operations++;
        assertThat(answer.succeeded()).as("what is never refused\n%s", ledger).isTrue();
    }

    private void stopWebhook(String cluster) {
        MESH.stopWebhook(cluster);
        away = Optional.of(cluster);
        ledger.note(cluster + ": its webhook is away");
    }

    private void startWebhook(String cluster) {
        MESH.startWebhook(cluster);
        away = Optional.empty();
        ledger.note(cluster + ": its webhook is back");
    }

    private static List<Copy> allCopies() {
        return IntStream.range(0, SPECS * REVISIONS)
                .mapToObj(i -> new Copy(i % SPECS, i / SPECS))
                .toList();
    }

    private static ClusterApi pick(Random random) {
        return CLUSTERS.get(random.nextInt(CLUSTERS.size()));
    }

    private static JsonNode label(int value) {
        return Yaml.read("metadata: {labels: {value: v%d}}".formatted(value));
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
