package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Flux and Argo CD do to an object: a dry run of server-side apply on every reconcile, then
/// the apply; pruning; and forcing, which deletes and re-creates on 409 and 422.
class GitOpsIT {

    private static final Mesh MESH = Mesh.shared();
    private static final String NAME = "allow-api";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ClusterApi one = new ClusterApi(MESH, "cluster1");
    private final ClusterApi two = new ClusterApi(MESH, "cluster2");
    private final ClusterApi three = new ClusterApi(MESH, "cluster3");

    /// cluster1 and cluster3 hold one version, cluster2 got another while its webhook was away.
    @BeforeEach
    void drift() {
        for (var api : List.of(one, three)) {
            api.apply(NAME, Reviews.policy(80), "kustomize-controller", false);
        }
        MESH.stopWebhook("cluster2");
        two.apply(NAME, Reviews.policy(8080), "kustomize-controller", false);
        MESH.startWebhook("cluster2");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(
                                                one.apply(
                                                                NAME,
                                                                Reviews.policy(80),
                                                                "kustomize-controller",
                                                                true)
                                                        .warnings())
                                        .anyMatch(it -> it.endsWith("cluster2 [Differs]")));
    }

    @AfterEach
    void takeItAway() {
        for (var api : List.of(one, two, three)) {
            api.delete(NAME);
            api.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kustomize-controller", "argocd-controller"})
    void driftNeverFreezesAReconcileThatChangesNothing(String manager) {
        var first = one.apply(NAME, Reviews.policy(80), manager, true);
        var applied = one.apply(NAME, Reviews.policy(80), manager, false);
        var drifted = two.apply(NAME, Reviews.policy(8080), manager, true);

        assertThat(List.of(first.code(), applied.code(), drifted.code())).containsOnly(200);
        assertThat(drifted.warnings()).anyMatch(it -> it.endsWith("cluster1, cluster3 [Differs]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kustomize-controller", "argocd-controller"})
    void aThirdVersionIsRefusedByADryRunAndTheLiveObjectStays(String manager) {
        var uid = one.get(NAME).body().at("/metadata/uid").asText();

        var dryRun = one.apply(NAME, Reviews.policy(9090), manager, true);
        var applied = one.apply(NAME, Reviews.policy(9090), manager, false);

        // Neither 409 nor 422, and no word of "immutable": for these, clients delete and re-create.
        assertThat(List.of(dryRun.code(), applied.code())).containsOnly(403);
        assertThat(applied.body().path("reason").asText()).isEqualTo("Forbidden");
        assertThat(applied.message()).doesNotContainIgnoringCase("immutable");
        assertThat(one.get(NAME).body().at("/metadata/uid").asText()).isEqualTo(uid).isNotEmpty();

        var forced =
                MESH.kubectl("cluster1")
                        .apply(
                                new String(
                                        Reviews.bytes(Reviews.policy(9090)),
                                        StandardCharsets.UTF_8),
                                "--force");
        assertThat(forced.succeeded()).isFalse();
        assertThat(one.get(NAME).body().at("/metadata/uid").asText()).isEqualTo(uid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kustomize-controller"})
    void whatTheRepositoryMendsAndPrunesPasses(String manager) {
        var mended = two.apply(NAME, Reviews.policy(80), manager, false);
        var pruned = three.delete(NAME);

        assertThat(mended.code()).isEqualTo(200);
        assertThat(pruned.code()).isEqualTo(200);
        assertThat(pruned.warnings()).anyMatch(it -> it.endsWith("cluster1, cluster2 [StillHeld]"));
    }
}
