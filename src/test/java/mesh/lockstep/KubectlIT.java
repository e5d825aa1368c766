package mesh.lockstep;

import static mesh.lockstep.support.Policies.manifest;
import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The changes that froze a policy when only one step of history was known, by the kubectl that
/// people use: each arrives, and nobody raises a revision. What controllers do is in `FluxIT`.
class KubectlIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");
    private static final String CLIENT_SIDE = "--server-side=false";
    private static final String SERVER_SIDE = "--server-side";

    @AfterEach
    void takeItAway() {
        CLUSTERS.forEach(it -> MESH.kubectl(it).run("delete", "cnp", "--all"));
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIENT_SIDE, SERVER_SIDE})
    void theAuthorCorrectsTheFirstCluster(String how) {
        var name = "corrected" + how.length();
        allHold(name, 81, how);
        passes("cluster1", name, 82, how);

        for (var cluster : CLUSTERS) {
            passes(cluster, name, 83, how);
        }
    }

    /// The others are refused until the first has gone on, and then join it.
    @ParameterizedTest
    @ValueSource(strings = {CLIENT_SIDE, SERVER_SIDE})
    void theNextCommitComesBeforeAllHaveTheLast(String how) {
        var name = "next" + how.length();
        allHold(name, 81, how);
        passes("cluster1", name, 82, how);
        await().atMost(SOON).until(() -> isForbidden(tried("cluster2", name, 83, how)));

        for (var cluster : CLUSTERS) {
            passes(cluster, name, 83, how);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIENT_SIDE, SERVER_SIDE})
    void whoSleepsStopsNobody(String how) {
        var name = "asleep" + how.length();
        allHold(name, 81, how);
        for (int port : List.of(82, 83)) {
            passes("cluster1", name, port, how);
            passes("cluster2", name, port, how);
        }

        passes("cluster3", name, 83, how);
    }

    /// It deletes first: what it creates then is the update that it would be without.
    @Test
    void whatIsReplacedByForceIsAnUpdate() {
        allHold("forced", 81, CLIENT_SIDE);

        for (int port : List.of(82, 83)) {
            assertThat(succeeds(replaced("cluster1", "forced", port)).warnings())
                    .anyMatch(it -> it.contains("cluster2, cluster3 ["));
        }
        for (var cluster : List.of("cluster2", "cluster3")) {
            await().atMost(SOON).until(() -> tried(cluster, "forced", 83).succeeded());
            succeeds(replaced(cluster, "forced", 83));
        }

        assertThat(CLUSTERS).allMatch(it -> held(it, "forced").equals("83"));
    }

    /// As the documents warn: the deletion is not refused, and the fork is. What was there comes
    /// back.
    @Test
    void whatIsReplacedByForceAndForksIsGoneUntilItIsRestored() {
        allHold("lost", 81, CLIENT_SIDE);
        passes("cluster1", "lost", 82, CLIENT_SIDE);
        await().atMost(SOON).until(() -> isForbidden(tried("cluster2", "lost", 83)));

        assertThat(isForbidden(replaced("cluster2", "lost", 83))).isTrue();
        assertThat(held("cluster2", "lost")).isEmpty();
        passes("cluster2", "lost", 81, CLIENT_SIDE);
    }

    private static void allHold(String name, int port, String how) {
        for (var cluster : CLUSTERS) {
            passes(cluster, name, port, how);
        }
        for (var cluster : CLUSTERS) {
            await().atMost(SOON).until(() -> tried(cluster, name, port, how).warnings().isEmpty());
        }
    }

    /// As soon as its webhook has heard of what was done elsewhere.
    private static void passes(String cluster, String name, int port, String how) {
        await().atMost(SOON).until(() -> tried(cluster, name, port, how).succeeded());
        succeeds(MESH.kubectl(cluster).apply(manifest(name, port), how));
    }

    private static Output tried(String cluster, String name, int port) {
        return tried(cluster, name, port, CLIENT_SIDE);
    }

    private static Output tried(String cluster, String name, int port, String how) {
        return MESH.kubectl(cluster).apply(manifest(name, port), how, "--dry-run=server");
    }

    private static Output replaced(String cluster, String name, int port) {
        return MESH.kubectl(cluster)
                .runWithInput(manifest(name, port), "replace", "--force", "-f", "-");
    }

    private static String held(String cluster, String name) {
        return MESH.kubectl(cluster)
                .run(
                        "get",
                        "cnp",
                        name,
                        "--ignore-not-found",
                        "-o",
                        "jsonpath={.spec.ingress[0].toPorts[0].ports[0].port}")
                .out();
    }

    private static Output succeeds(Output output) {
        assertThat(output.succeeded()).as(output.err()).isTrue();
        return output;
    }

    private static boolean isForbidden(Output output) {
        return !output.succeeded() && output.err().contains("(Forbidden)");
    }
}
