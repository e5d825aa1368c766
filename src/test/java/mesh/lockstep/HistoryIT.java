package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What people and controllers do in more than one step before the last member has taken the first,
/// on three real clusters: what stays on the line passes, what forks does not, also after restarts.
class HistoryIT {

    private static Mesh mesh;
    private static final Map<String, ClusterApi> CLUSTERS = new LinkedHashMap<>();

    @BeforeAll
    static void begin() {
        mesh = Mesh.start("history", "--clusters", "3", "--webhook", WebhookProcess.APPLICATION);
        for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
            CLUSTERS.put(cluster, new ClusterApi(mesh, cluster));
        }
    }

    @AfterAll
    static void end() {
        CLUSTERS.values().forEach(ClusterApi::close);
        mesh.close();
    }

    @Test
    void theAuthorCorrectsTheFirstClusterBeforeTheOthersHaveIt() {
        allHold("typing-error", 1);
        passes("cluster1", "typing-error", 2);

        assertThat(passes("cluster1", "typing-error", 3).warnings())
                .anyMatch(it -> it.contains("cluster2, cluster3 [Earlier]"));
        passes("cluster2", "typing-error", 3);
        passes("cluster3", "typing-error", 3);
    }

    @Test
    void aCommitOvertakesTheOneBefore() {
        allHold("overtaken", 1);
        passes("cluster1", "overtaken", 2);

        // Theirs is a fork until the first has gone on: then they join it.
        eventuallyRefused("cluster2", "overtaken", 3);
        passes("cluster1", "overtaken", 3);
        eventuallyPasses("cluster2", "overtaken", 3);
        eventuallyPasses("cluster3", "overtaken", 3);
    }

    @Test
    void aMemberSleeps() {
        allHold("asleep", 1);
        for (int port = 2; port <= 4; port++) {
            passes("cluster1", "asleep", port);
            eventuallyPasses("cluster2", "asleep", port);
        }

        // It catches up step by step.
        assertThat(eventuallyPasses("cluster3", "asleep", 3).warnings())
                .anyMatch(it -> it.contains("cluster1, cluster2 [Ahead]"));
        assertThat(passes("cluster3", "asleep", 4).warnings()).isEmpty();
    }

    @Test
    void aMemberThatIsAheadAndSleepsLooksLikeSomebodysOwnChange() {
        allHold("ahead", 1);
        passes("cluster3", "ahead", 2);

        eventuallyRefused("cluster1", "ahead", 3);
        // Joining it is one way out.
        passes("cluster1", "ahead", 2);
        passes("cluster1", "ahead", 3);
    }

    @Test
    void aFileIsPrunedAndComesBackWhileAMemberSleeps() {
        allHold("pruned", 1);
        deleted("cluster1", "pruned");
        deleted("cluster2", "pruned");

        assertThat(passes("cluster1", "pruned", 5).warnings())
                .anyMatch(it -> it.contains("cluster3 [Previous]"));
        eventuallyPasses("cluster2", "pruned", 5);
    }

    @Test
    void whatWasSeenOutlivesTheProcess() {
        allHold("restarted", 1);
        allHold("gap", 1);
        allHold("deleted", 1);
        passes("cluster1", "restarted", 2);
        passes("cluster1", "gap", 2);
        deleted("cluster1", "deleted");
        mesh.stopWebhook("cluster1");
        // Nobody is there to see it.
        passes("cluster1", "gap", 3);
        mesh.startWebhook("cluster1");

        assertThat(passes("cluster1", "restarted", 3).warnings())
                .anyMatch(it -> it.contains("cluster2, cluster3 [Earlier]"));
        assertThat(passes("cluster1", "gap", 4).warnings())
                .anyMatch(it -> it.contains("cluster2, cluster3 [Earlier]"));
        assertThat(passes("cluster1", "deleted", 2).warnings())
                .anyMatch(it -> it.contains("cluster2, cluster3 [Previous]"));
    }

    @Test
    void withoutWhatWasSeenItIsAForkAsBefore() {
        allHold("forgotten", 1);
        passes("cluster2", "forgotten", 2);
        mesh.stopWebhook("cluster2");
        var deleted =
                mesh.kubectl("cluster2").run("delete", "configmap", "-n", "lockstep", "--all");
        assertThat(deleted.succeeded()).as(deleted.err()).isTrue();
        mesh.startWebhook("cluster2");

        refused("cluster2", "forgotten", 3);
    }

    /// What is kept tells who can read it neither what a policy is called nor what it says.
    @Test
    void keepsNoNamesAndNoWords() {
        allHold("secret-name", 1);
        passes("cluster1", "secret-name", 2);

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            var kept =
                                    mesh.kubectl("cluster1")
                                            .run(
                                                    "get",
                                                    "configmap",
                                                    "-n",
                                                    "lockstep",
                                                    "-o",
                                                    "jsonpath={.items[*].binaryData.chapter}");
                            assertThat(kept.out()).hasSizeGreaterThan(100);
                            assertThat(
                                            List.of(kept.out().split("\\s+", -1)).stream()
                                                    .filter(it -> !it.isEmpty())
                                                    .map(it -> decoded(it)))
                                    .noneMatch(it -> it.contains("secret") || it.contains("api"));
                        });
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1);
    }

    private static void allHold(String name, int port) {
        for (var cluster : CLUSTERS.keySet()) {
            passes(cluster, name, port);
        }
        for (var cluster : CLUSTERS.keySet()) {
            await().atMost(SOON).until(() -> apply(cluster, name, port, true).warnings().isEmpty());
        }
    }

    private static Answer passes(String cluster, String name, int port) {
        var answer = apply(cluster, name, port, false);
        assertThat(answer.succeeded()).as(answer.message()).isTrue();
        return answer;
    }

    /// As soon as the watch has told.
    private static Answer eventuallyPasses(String cluster, String name, int port) {
        await().atMost(SOON).until(() -> apply(cluster, name, port, true).succeeded());
        return passes(cluster, name, port);
    }

    private static void refused(String cluster, String name, int port) {
        assertThat(apply(cluster, name, port, false).code()).isEqualTo(403);
    }

    private static void eventuallyRefused(String cluster, String name, int port) {
        await().atMost(SOON).until(() -> apply(cluster, name, port, true).code() == 403);
    }

    private static void deleted(String cluster, String name) {
        assertThat(api(cluster).delete(name).succeeded()).isTrue();
    }

    private static ClusterApi api(String cluster) {
        return Objects.requireNonNull(CLUSTERS.get(cluster));
    }

    private static Answer apply(String cluster, String name, int port, boolean dryRun) {
        var policy = (ObjectNode) Reviews.policy(1000 + port);
        policy.withObject("/metadata").put("name", name);
        return api(cluster).apply(name, policy, "somebody", dryRun);
    }
}
