package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Flux and Argo CD do to objects: a dry run of server-side apply for each on every reconcile,
/// then the apply; pruning; and forcing, which deletes and re-creates on 409 and 422.
class GitOpsIT {

    private static final String FLUX = "kustomize-controller";
    private static final String ARGO_CD = "argocd-controller";

    private static final Mesh MESH = Mesh.shared();
    private static final ClusterApi ONE = new ClusterApi(MESH, "cluster1");
    private static final ClusterApi TWO = new ClusterApi(MESH, "cluster2");
    private static final ClusterApi THREE = new ClusterApi(MESH, "cluster3");
    private static final List<ClusterApi> CLUSTERS = List.of(ONE, TWO, THREE);

    /// What no test changes, and what is mended and pruned by each manager.
    private static final List<String> KEPT = List.of("kept-1", "kept-2", "kept-3");

    private static final List<String> MENDED = List.of("mended-" + FLUX, "mended-" + ARGO_CD);

    /// cluster1 and cluster3 hold one version, cluster2 got another while its webhook was away.
    @BeforeAll
    static void drift() {
        for (var api : List.of(ONE, THREE)) {
            all().forEach(it -> passes(api.apply(it, policy(it, 80), FLUX, false)));
        }
        MESH.stopWebhook("cluster2");
        try {
            all().forEach(it -> passes(TWO.apply(it, policy(it, 8080), FLUX, false)));
        } finally {
            MESH.startWebhook("cluster2");
        }
        for (var api : CLUSTERS) {
            var peers =
                    switch (api.cluster()) {
                        case "cluster2" -> "cluster1, cluster3 [Differs]";
                        default -> "cluster2 [Differs]";
                    };
            for (var name : all()) {
                await().atMost(SOON)
                        .until(
                                () ->
                                        reconcile(api, name, FLUX, true).warnings().stream()
                                                .anyMatch(it -> it.endsWith(peers)));
            }
        }
    }

    @AfterAll
    static void takeThemAway() {
        for (var api : CLUSTERS) {
            all().forEach(api::delete);
            api.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FLUX, ARGO_CD})
    void driftNeverFreezesAReconcileThatChangesNothing(String manager) {
        for (var api : CLUSTERS) {
            for (var name : KEPT) {
                var dryRun = reconcile(api, name, manager, true);
                var applied = reconcile(api, name, manager, false);

                passes(dryRun);
                passes(applied);
                assertThat(dryRun.warnings()).anyMatch(it -> it.endsWith("[Differs]"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FLUX, ARGO_CD})
    void aThirdVersionIsForbiddenAndTheLiveObjectStaysAsItIs(String manager) {
        for (var api : CLUSTERS) {
            for (var name : KEPT) {
                var live = api.get(name).body();
                var third = policy(name, 9090);

                isForbidden(api.apply(name, third, manager, true));
                isForbidden(api.apply(name, third, manager, false));

                assertThat(api.get(name).body()).isEqualTo(live);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster1", "cluster2"})
    void forcingAThirdVersionDeletesNothing(String cluster) {
        var api = cluster.equals("cluster1") ? ONE : TWO;
        var live = api.get("kept-1").body();
        var third = new String(Reviews.bytes(policy("kept-1", 9090)), StandardCharsets.UTF_8);

        var forced = MESH.kubectl(cluster).apply(third, "--force");

        assertThat(forced.succeeded()).isFalse();
        assertThat(forced.err()).contains("(Forbidden)");
        assertThat(api.get("kept-1").body()).isEqualTo(live);
    }

    @ParameterizedTest
    @ValueSource(strings = {FLUX, ARGO_CD})
    void whatTheRepositoryMendsAndPrunesPasses(String manager) {
        var name = "mended-" + manager;

        passes(TWO.apply(name, policy(name, 80), manager, true));
        passes(TWO.apply(name, policy(name, 80), manager, false));
        for (var api : CLUSTERS) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    api.apply(name, policy(name, 80), manager, true)
                                            .warnings()
                                            .isEmpty());
        }
        var pruned = THREE.delete(name);

        passes(pruned);
        assertThat(pruned.warnings()).anyMatch(it -> it.endsWith("cluster1, cluster2 [StillHeld]"));
    }

    /// What each cluster's own repository says.
    private static Answer reconcile(ClusterApi api, String name, String manager, boolean dryRun) {
        var port = api.cluster().equals("cluster2") ? 8080 : 80;
        return api.apply(name, policy(name, port), manager, dryRun);
    }

    private static void passes(Answer answer) {
        assertThat(answer.succeeded()).as(answer.message()).isTrue();
    }

    /// Neither 409 nor 422, and no word of "immutable": for these, clients delete and re-create.
    private static void isForbidden(Answer answer) {
        assertThat(answer.code()).as(answer.message()).isEqualTo(403);
        assertThat(answer.body().path("reason").asText()).isEqualTo("Forbidden");
        assertThat(answer.message()).doesNotContainIgnoringCase("immutable");
    }

    private static List<String> all() {
        return List.of(KEPT, MENDED).stream().flatMap(List::stream).toList();
    }

    private static JsonNode policy(String name, int port) {
        var policy = Reviews.policy(port);
        ((ObjectNode) policy.path("metadata")).put("name", name);
        return policy;
    }
}
