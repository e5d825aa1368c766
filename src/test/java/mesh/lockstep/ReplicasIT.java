package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Replica;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two webhooks of cluster1, as its Deployment wants: it does not matter which of them the API
/// server asks, nor whether they are the same as before. Nobody judges in the other clusters.
class ReplicasIT {

    /// Longer than a replica takes to look at all that others have kept.
    private static final Duration LISTENED = Duration.ofSeconds(90);

    @TempDir static Path folder;

    private static Mesh mesh;
    private static ClusterApi cluster2;
    private static ClusterApi cluster3;
    private static Replica one;
    private static Replica other;
    private static int started;

    @BeforeAll
    static void begin() {
        mesh = Mesh.start("replicas", "--clusters", "3");
        cluster2 = new ClusterApi(mesh, "cluster2");
        cluster3 = new ClusterApi(mesh, "cluster3");
        WebhookProcess.makeCertificates(folder);
        one = replica();
        other = replica();
    }

    @AfterAll
    static void end() {
        List.of(one, other).forEach(Replica::close);
        List.of(cluster2, cluster3).forEach(ClusterApi::close);
        mesh.close();
    }

    @Test
    void whatOneAdmitsTheOtherKnows() {
        allHold("told", 1);

        passes(one, "told", 2);
        eventually(() -> apply(other, "told", 3, true).succeeded());
        assertThat(passes(other, "told", 3)).anyMatch(it -> it.endsWith("[Earlier]"));
        eventually(() -> apply(one, "told", 4, true).succeeded());
        assertThat(passes(one, "told", 4)).anyMatch(it -> it.endsWith("[Earlier]"));
    }

    @Test
    void bothRefuseAForkInTheSameWords() {
        allHold("forked", 1);
        passes(one, "forked", 2);
        passes(cluster2, "forked", 9);

        eventually(() -> apply(one, "forked", 3, true).code() == 403);
        eventually(() -> apply(other, "forked", 3, true).code() == 403);

        assertThat(apply(other, "forked", 3, true).body())
                .isEqualTo(apply(one, "forked", 3, true).body());
    }

    /// At once: whether the other has seen the deletion by then does not matter.
    @Test
    void whatIsDeletedThroughOneAndCreatedThroughTheOtherIsAnUpdate() {
        allHold("recreated", 1);

        deleted(one, "recreated");
        assertThat(passes(other, "recreated", 2))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Previous]"));
        deleted(other, "recreated");
        assertThat(passes(one, "recreated", 3))
                .anyMatch(it -> it.matches(".*cluster2, cluster3 \\[(Previous|Earlier)]"));
    }

    @Test
    void whatIsDeletedThroughOneIsRestoredThroughTheOtherAndNotForked() {
        allHold("restored", 1);
        passes(cluster2, "restored", 9);
        passes(cluster3, "restored", 8);
        eventually(() -> apply(other, "restored", 2, true).code() == 403);

        deleted(one, "restored");
        assertThat(apply(other, "restored", 2, false).code()).isEqualTo(403);
        passes(other, "restored", 1);
    }

    @Test
    void whatHappenedWhileOneWasAwayIsKnownToItAfterwards() {
        allHold("away", 1);
        allHold("away-deleted", 1);
        other.close();
        passes(one, "away", 2);
        passes(one, "away", 3);
        deleted(one, "away-deleted");
        other = replica();

        assertThat(passes(other, "away", 4))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Earlier]"));
        assertThat(passes(other, "away-deleted", 2))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Previous]"));
    }

    /// One after the other, as the Deployment says: a new one comes, then an old one goes.
    @Test
    void aRollingUpgradeForgetsNothing() {
        allHold("upgraded", 1);
        allHold("midway", 1);
        allHold("upgraded-deleted", 1);
        passes(one, "upgraded", 2);
        deleted(one, "upgraded-deleted");

        var third = replica();
        one.close();
        one = third;
        passes(other, "midway", 2);
        var fourth = replica();
        other.close();
        other = fourth;

        assertThat(passes(other, "upgraded", 3))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Earlier]"));
        assertThat(passes(other, "midway", 3))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Earlier]"));
        assertThat(passes(one, "upgraded-deleted", 2))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Previous]"));
    }

    /// Whoever gets no time to write has told nothing, but the other one has seen it, too.
    @Test
    void whoIsKilledTakesNothingAlong() {
        allHold("killed", 1);
        passes(one, "killed", 2);
        one.kill();
        one = replica();
        other.close();
        other = replica();

        assertThat(passes(one, "killed", 3))
                .anyMatch(it -> it.endsWith("cluster2, cluster3 [Earlier]"));
    }

    /// It got to know cluster2 when that had gone on already.
    @Test
    void whatOneCouldNotSeeItLearnsFromTheOther() throws IOException {
        allHold("unseen", 1);
        var known = Mesh.path(mesh.cluster("cluster1"), "peersDirectory");
        var peers = Files.createDirectory(folder.resolve("peers"));
        Files.copy(known.resolve("cluster3"), peers.resolve("cluster3"));
        try (var late = replica(Map.of("LOCKSTEP_PEERS_DIRECTORY", peers.toString()))) {
            passes(cluster2, "unseen", 2);
            passes(cluster2, "unseen", 3);
            eventually(() -> isAhead(one));
            Files.copy(known.resolve("cluster2"), peers.resolve("cluster2"));

            eventually(() -> isAhead(late));
        }
    }

    private static boolean isAhead(Replica replica) {
        return apply(replica, "unseen", 2, true).warnings().stream()
                .anyMatch(it -> it.endsWith("cluster2 [Ahead]"));
    }

    private static Replica replica() {
        return replica(Map.of());
    }

    private static Replica replica(Map<String, String> environment) {
        return Replica.start(mesh, "cluster1", "replica-" + ++started, folder, environment);
    }

    private static void allHold(String name, int port) {
        passes(one, name, port);
        passes(cluster2, name, port);
        passes(cluster3, name, port);
        for (var replica : List.of(one, other)) {
            eventually(() -> apply(replica, name, port, true).warnings().isEmpty());
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(LISTENED).until(condition);
    }

    /// The warnings that come with it.
    private static List<String> passes(Replica replica, String name, int port) {
        return passes(replica.api(), name, port);
    }

    private static List<String> passes(ClusterApi api, String name, int port) {
        var answer = api.apply(name, policy(name, port), "somebody", false);
        assertThat(answer.succeeded()).as(answer.message()).isTrue();
        return answer.warnings();
    }

    private static void deleted(Replica replica, String name) {
        assertThat(replica.api().delete(name).succeeded()).isTrue();
    }

    private static Answer apply(Replica replica, String name, int port, boolean dryRun) {
        return replica.api().apply(name, policy(name, port), "somebody", dryRun);
    }

    private static ObjectNode policy(String name, int port) {
        var policy = (ObjectNode) Reviews.policy(1000 + port);
        policy.withObject("/metadata").put("name", name);
        return policy;
    }
}
