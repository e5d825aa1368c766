package mesh.lockstep;

import static io.restassured.RestAssured.given;
import static mesh.lockstep.support.Policies.manifest;
import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a user of kubectl sees, on three real clusters with a webhook in each. The story of a
/// rollout is in the demo; this is what surrounds it.
class MeshIT {

    private static final Mesh MESH = Mesh.shared();
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");

    @AfterEach
    void takeThePoliciesAway() {
        for (var cluster : CLUSTERS) {
            kubectl(cluster).run("delete", "cnp", "--all", "--namespace", "default");
            kubectl(cluster).run("delete", "ccnp", "--all");
        }
    }

    @Test
    void aRefusalHasTheStatusForbiddenAndTheCauses() {
        // A name of which nothing is remembered: what is created came from nothing.
        kubectl("cluster1").apply(manifest("causes", 80));
        awaitRemembered("cluster3", manifest("causes", 80), "1 member does not have it: cluster2");

        var forbidden = kubectl("cluster3").apply(manifest("causes", 81), "-v=8");

        assertThat(forbidden.succeeded()).isFalse();
        assertThat(forbidden.err())
                .contains("Error from server (Forbidden)")
                .contains("\"code\":403")
                .contains("\"reason\":\"Forbidden\"")
                .contains("\"field\":\"spec.ingress[0].toPorts[0].ports[0].port\"")
                .contains("CiliumNetworkPolicy default/causes would differ from cluster1");
    }

    @Test
    void deletingAndCreatingAgainIsJudgedAsAnUpdate() {
        inAll(manifest("anew", 80));
        kubectl("cluster3").run("delete", "cnp", "anew");

        var changed = kubectl("cluster3").apply(manifest("anew", 81));

        assertThat(changed.succeeded()).as(changed.err()).isTrue();
        assertThat(changed.warnings())
                .containsExactly(
                        "default/anew: 2 members still have the previous version: cluster1, cluster2 [Previous]");
    }

    @Test
    void anUpdateThatIsAdmittedMakesNoRequestToAnyPeer() {
        inAll(
                IntStream.range(0, 20)
                        .mapToObj(i -> manifest("policy-" + i, 80))
                        .collect(Collectors.joining("---\n")));
        var before = requestsByPeers();

        var labelled = kubectl("cluster1").run("label", "cnp", "policy-7", "team=web");
        var changed = kubectl("cluster1").apply(manifest("policy-7", 81));

        assertThat(labelled.succeeded()).isTrue();
        assertThat(labelled.warnings()).isEmpty();
        assertThat(changed.warnings())
                .containsExactly(
                        "default/policy-7: 2 members still have the previous version: cluster2, cluster3 [Previous]");
        assertThat(requestsByPeers()).isEqualTo(before).isPositive();

        // The same count sees a refusal, which asks.
        kubectl("cluster2").apply(manifest("policy-7", 82));
        await().atMost(SOON).until(() -> requestsByPeers() > before);
    }

    @Test
    void clusterwidePoliciesAreComparedAlike() {
        assertThat(kubectl("cluster1").apply(clusterwide("cluster")).warnings())
                .containsExactly(
                        "baseline: 2 members do not have it: cluster2, cluster3 [Missing]");
        awaitRemembered("cluster2", clusterwide("cluster"), "baseline: 1 member does not have it");

        var refused = kubectl("cluster2").apply(clusterwide("world"));

        assertThat(refused.err())
                .contains("(Forbidden)")
                .contains(
                        "CiliumClusterwideNetworkPolicy baseline would differ from cluster1 [Differs].")
                .contains("ingress[0].fromEntities[0]   here: world   cluster1: cluster");
    }

    @Test
    void dryRunsGetTheSameVerdictAndStoreNothing() {
        kubectl("cluster1").apply(manifest("dry-run", 80));
        awaitRemembered("cluster2", manifest("dry-run", 80), "1 member does not have it: cluster3");

        var refused = kubectl("cluster2").apply(manifest("dry-run", 81), "--dry-run=server");
        var admitted = kubectl("cluster2").apply(manifest("dry-run", 80), "--dry-run=server");

        assertThat(refused.err()).contains("would differ from cluster1");
        assertThat(admitted.succeeded()).isTrue();
        assertThat(kubectl("cluster2").run("get", "cnp", "dry-run").succeeded()).isFalse();
    }

    @Test
    void whatAlreadyDiffersNeverStopsAChangeOfLabelsOrAReapply() {
        // No history of a new name tells which member is behind.
        kubectl("cluster1").apply(manifest("labeled", 80));
        behindTheWebhooksBack("cluster2", manifest("labeled", 81));
        awaitKnown("cluster2", "labeled");

        var labelled = kubectl("cluster1").run("label", "cnp", "labeled", "team=web");
        var reapplied =
                kubectl("cluster1")
                        .apply(manifest("labeled", 80), "--server-side", "--force-conflicts");

        assertThat(labelled.succeeded()).isTrue();
        assertThat(labelled.warnings())
                .contains("default/labeled: 1 member has a different version: cluster2 [Differs]");
        assertThat(reapplied.succeeded()).isTrue();
    }

    @Test
    void aDeletionIsNeverRefused() {
        kubectl("cluster1").apply(manifest("allow-api", 80));
        behindTheWebhooksBack("cluster2", manifest("allow-api", 81));

        var one = kubectl("cluster1").run("delete", "cnp", "allow-api");
        inAll(manifest("policy-1", 80) + "---\n" + manifest("policy-2", 80));
        var all = kubectl("cluster1").run("delete", "cnp", "--all");

        assertThat(one.succeeded()).isTrue();
        assertThat(all.succeeded()).isTrue();
        assertThat(all.warnings())
                .containsExactlyInAnyOrder(
                        "default/policy-1: 2 members still have it: cluster2, cluster3 [StillHeld]",
                        "default/policy-2: 2 members still have it: cluster2, cluster3 [StillHeld]");
    }

    @Test
    void aGeneratedNameIsTheOneThatIsCompared() {
        var created =
                kubectl("cluster1")
                        .runWithInput(
                                manifest("x", 80).replace("name: x,", "generateName: generated-,"),
                                "create",
                                "-f",
                                "-");

        assertThat(created.warnings())
                .singleElement()
                .asString()
                .matches("default/generated-[a-z0-9]{5}: 2 members do not have it: .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "lockstep"})
    void someNamespacesAreLeftAlone(String namespace) {
        var policy = manifest("allow-api", 80).replace("default", namespace);

        var applied = kubectl("cluster1").apply(policy);
        kubectl("cluster1").run("delete", "cnp", "allow-api", "--namespace", namespace);

        assertThat(applied.succeeded()).isTrue();
        assertThat(applied.warnings()).isEmpty();
    }

    @Test
    void aPeerThatGoesAwayCostsAWarningAndComesBackByItself() {
        inAll(manifest("allow-api", 80));
        MESH.stop("cluster3");
        try {
            var changed = kubectl("cluster1").apply(manifest("allow-api", 81));

            assertThat(changed.succeeded()).isTrue();
            assertThat(changed.warnings())
                    .anyMatch(
                            it -> it.startsWith("default/allow-api: not compared with cluster3 ("));
            assertThat(management("cluster1", "/q/health/ready")).contains("\"UP\"");
        } finally {
            MESH.start("cluster3");
        }

        for (var cluster : List.of("cluster1", "cluster2")) {
            for (var policy : List.of(manifest("allow-api", 81), clusterwide("cluster"))) {
                await().atMost(SOON)
                        .untilAsserted(
                                () ->
                                        assertThat(
                                                        kubectl(cluster)
                                                                .apply(policy, "--dry-run=server")
                                                                .warnings())
                                                .noneMatch(it -> it.contains("not compared")));
            }
        }
    }

    @Test
    void theAuditLogTellsTheDecision() {
        kubectl("cluster1").apply(manifest("allow-api", 80));

        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(auditLog("cluster1"))
                                        .anySatisfy(
                                                event -> {
                                                    var annotations = event.path("annotations");
                                                    assertThat(
                                                                    annotations
                                                                            .path(
                                                                                    "policies.lockstep.mesh/decision")
                                                                            .asText())
                                                            .isEqualTo("admitted");
                                                    assertThat(
                                                                    annotations
                                                                            .path(
                                                                                    "policies.lockstep.mesh/findings")
                                                                            .asText())
                                                            .isEqualTo("Missing=cluster2,cluster3");
                                                }));
    }

    @Test
    void metricsAndHealthTellWhatIsKnownOfThePeers() {
        inAll(manifest("allow-api", 80));

        assertThat(management("cluster1", "/q/metrics"))
                .contains("lockstep_peer_up{peer=\"cluster2\"} 1.0")
                .contains("lockstep_peer_synced{peer=\"cluster3\"} 1.0")
                .contains(
                        "lockstep_peer_policies{kind=\"CiliumNetworkPolicy\",peer=\"cluster2\"} 1.0")
                .contains("lockstep_peer_last_heard_timestamp_seconds{peer=\"cluster2\"}")
                .doesNotContain("allow-api");
        assertThat(management("cluster1", "/q/health/group/mesh")).contains("cluster2");
        assertThat(management("cluster1", "/q/health/live")).contains("\"UP\"");
    }

    private static Kubectl kubectl(String cluster) {
        return MESH.kubectl(cluster);
    }

    /// Applies policies to all clusters, and waits until each webhook knows them of the others.
    private static void inAll(String policies) {
        for (var cluster : CLUSTERS) {
            assertThat(kubectl(cluster).apply(policies).succeeded()).isTrue();
        }
        for (var cluster : CLUSTERS) {
            await().atMost(SOON).until(() -> dryRun(cluster, policies).warnings().isEmpty());
        }
    }

    private static void awaitRemembered(String cluster, String policy, String warning) {
        await().atMost(SOON)
                .until(
                        () ->
                                dryRun(cluster, policy).warnings().stream()
                                        .anyMatch(it -> it.contains(warning)));
    }

    /// Server-side: client-side apply asks nobody where nothing changes.
    private static Kubectl.Output dryRun(String cluster, String policies) {
        return kubectl(cluster)
                .apply(policies, "--server-side", "--force-conflicts", "--dry-run=server");
    }

    /// Until the other webhooks see what a cluster holds now, or that it holds nothing more.
    private static void awaitKnown(String cluster, String name) {
        var held = kubectl(cluster).run("get", "cnp", name).succeeded();
        var observer = cluster.equals("cluster1") ? "cluster2" : "cluster1";
        await().atMost(SOON)
                .until(
                        () ->
                                kubectl(observer)
                                                .run(
                                                        "annotate",
                                                        "cnp",
                                                        name,
                                                        "probe=1",
                                                        "--overwrite",
                                                        "--dry-run=server")
                                                .warnings()
                                                .stream()
                                                .anyMatch(
                                                        it ->
                                                                it.contains("not have it")
                                                                        && it.contains(cluster))
                                        != held);
    }

    /// Stores a policy while the cluster's webhook is down: `failurePolicy: Ignore` lets it
    /// through.
    private static void behindTheWebhooksBack(String cluster, String policy) {
        MESH.stopWebhook(cluster);
        try {
            assertThat(kubectl(cluster).apply(policy).succeeded()).isTrue();
        } finally {
            MESH.startWebhook(cluster);
        }
    }

    /// How often the webhooks' accounts have read policies, at all API servers.
    private static long requestsByPeers() {
        return CLUSTERS.stream()
                .flatMap(cluster -> auditLog(cluster))
                .filter(
                        event ->
                                event.path("user")
                                        .path("username")
                                        .asText()
                                        .endsWith(":lockstep-peer"))
                .filter(event -> !event.path("verb").asText().equals("watch"))
                // Which CIDR groups they have, peers are asked once a minute.
                .filter(
                        event ->
                                !event.at("/objectRef/resource")
                                        .asText()
                                        .equals("ciliumcidrgroups"))
                .count();
    }

    private static Stream<JsonNode> auditLog(String cluster) {
        try {
            return Files.readAllLines(Mesh.path(MESH.cluster(cluster), "auditLogFile")).stream()
                    .filter(line -> line.endsWith("}"))
                    .map(MeshIT::event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode event(String line) {
        try {
            return StrictJson.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String management(String cluster, String path) {
        var port = MESH.cluster(cluster).path("webhook").path("managementPort").asInt();
        return given().accept("*/*")
                .get("http://127.0.0.1:" + port + path)
                .then()
                .extract()
                .asString();
    }

    private static String clusterwide(String entity) {
        return """
               apiVersion: cilium.io/v2
               kind: CiliumClusterwideNetworkPolicy
               metadata: {name: baseline}
               spec:
                 endpointSelector: {}
                 ingress:
                 - fromEntities: [%s]
               """
                .formatted(entity);
    }
}
