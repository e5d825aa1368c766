package mesh.lockstep;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Wire;
import mesh.lockstep.support.Wire.Condition;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Much at once, through a real API server, with a peer as far away as another continent: nothing
/// gets in that alone would be refused, and nobody is kept waiting by a neighbor.
@Tag("alone")
class CrowdIT {

    private static final String HERE = "cluster2";
    private static final String PEER = "cluster1";
    private static final int AT_ONCE = 150;
    private static final int POLICIES = 60;
    private static final int REFUSED = 403;
    private static final int DEFERRED = 429;

    private static Mesh mesh;
    private static KubernetesClient client;

    @TempDir private Path folder;
    private Wire wire;
    private WebhookProcess webhook;

    @BeforeAll
    static void bringUpClusters() throws IOException {
        mesh = Mesh.start("crowd", "--clusters", "2");
        var config =
                Config.fromKubeconfig(
                        Files.readString(mesh.kubeconfig())
                                .replaceFirst("current-context: .*", "current-context: " + HERE));
        // Like a client that does not try again.
        config.setRequestRetryBackoffLimit(0);
        client = new KubernetesClientBuilder().withConfig(config).build();
        for (var cluster : List.of(HERE, PEER)) {
            for (var namespace : List.of("loud", "quiet")) {
                mesh.kubectl(cluster).run("create", "namespace", namespace);
            }
        }
        var loud = IntStream.range(0, POLICIES).mapToObj(i -> policy("loud", i, 80));
        apply(PEER, loud.map(CrowdIT::text).collect(Collectors.joining("\n---\n")));
        apply(PEER, text(policy("quiet", 0, 80)));
    }

    @AfterAll
    static void takeClustersAway() {
        client.close();
        mesh.close();
    }

    @BeforeEach
    void startWebhook() throws IOException {
        var address = mesh.cluster(PEER).path("server").asText();
        wire = new Wire(URI.create(address).getPort());
        var kubeconfig = Mesh.path(mesh.cluster(HERE), "peersDirectory").resolve(PEER);
        var peers = Files.createDirectory(folder.resolve("peers"));
        Files.writeString(
                peers.resolve(PEER),
                Files.readString(kubeconfig).replace(address, "https://127.0.0.1:" + wire.port()));
        var settings =
                Map.of(
                        "KUBECONFIG",
                        mesh.cluster(HERE).path("ownKubeconfig").asText(),
                        "LOCKSTEP_CLUSTER_NAME",
                        HERE,
                        "LOCKSTEP_PEERS_DIRECTORY",
                        peers.toString(),
                        WebhookProcess.OPTIONS,
                        WebhookProcess.AS_IN_A_POD);
        webhook = WebhookProcess.start(folder, settings).awaitReady();
    }

    @AfterEach
    void stopWebhook() {
        mesh.kubectl(HERE).run("delete", "validatingwebhookconfiguration", "crowd");
        webhook.close();
        wire.close();
    }

    @Test
    void nothingGetsInThatAloneWouldBeRefused() {
        // More than by default: what is late on a slow machine is admitted unjudged.
        register(10);
        wire.become(Condition.FAR);

        var same = atOnce(AT_ONCE, _ -> create("loud", 0));
        report("the same at once", same);
        assertThat(same).isSubsetOf(REFUSED, DEFERRED).contains(REFUSED);

        var loud =
                CompletableFuture.supplyAsync(
                        () -> atOnce(2 * AT_ONCE, i -> create("loud", i % POLICIES)));
        var quiet = IntStream.range(0, 8).map(_ -> create("quiet", 0)).boxed().toList();
        report("of a neighbour meanwhile", quiet);
        report("many at once", loud.join());
        assertThat(loud.join()).isSubsetOf(REFUSED, DEFERRED);
        assertThat(quiet).isSubsetOf(REFUSED, DEFERRED).contains(REFUSED);
    }

    /// A webhook that has a second asks a peer that has a second, and does not answer.
    @Test
    void whatCouldNotBeAskedIsTriedAgainByTheClient() {
        register(1);
        wire.become(Condition.BLACK_HOLE);

        var deferred = send("quiet", 0);

        assertThat(deferred.code()).as(text(deferred)).isEqualTo(DEFERRED);
        assertThat(deferred.header("Retry-After")).isEqualTo("1");
        assertThat(text(deferred))
                .contains("\"reason\":\"TooManyRequests\"")
                .contains("cannot be judged right now: cluster1 could not be asked [Differs].");

        // By then it is known that nobody is there.
        var applied = mesh.kubectl(HERE).apply(text(policy("quiet", 0, 81)));
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
        assertThat(applied.warnings()).anyMatch(it -> it.contains("not compared with cluster1"));
        mesh.kubectl(HERE).run("delete", "cnp", "--all", "--namespace", "quiet");
    }

    /// Returns when the API server asks it.
    private void register(int seconds) {
        try {
            var ca = Files.readAllBytes(folder.resolve("tls/ca.crt"));
            apply(
                    HERE,
                    """
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: ValidatingWebhookConfiguration
                    metadata: {name: crowd}
                    webhooks:
                    - name: policies.lockstep.mesh
                      clientConfig: {url: "https://127.0.0.1:%d/validate", caBundle: %s}
                      rules:
                      - apiGroups: [cilium.io]
                        apiVersions: [v2]
                        operations: [CREATE, UPDATE, DELETE]
                        resources: [ciliumnetworkpolicies]
                      admissionReviewVersions: [v1]
                      sideEffects: NoneOnDryRun
                      failurePolicy: Ignore
                      timeoutSeconds: %d
                    """
                            .formatted(
                                    webhook.httpsPort(),
                                    Base64.getEncoder().encodeToString(ca),
                                    seconds));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        await().atMost(LATER).until(() -> create("quiet", 0) == REFUSED);
    }

    private static List<Integer> atOnce(int times, IntFunction<Integer> request) {
        var sent =
                IntStream.range(0, times)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> request.apply(i),
                                                task -> Thread.ofVirtual().start(task)))
                        .toList();
        return sent.stream().map(CompletableFuture::join).toList();
    }

    /// @return the code of the answer
    private static int create(String namespace, int number) {
        return send(namespace, number).code();
    }

    /// A dry run, so that the next one is a creation as well.
    private static HttpResponse<byte[]> send(String namespace, int number) {
        var policies =
                client.getMasterUrl()
                        + "apis/cilium.io/v2/namespaces/"
                        + namespace
                        + "/ciliumnetworkpolicies?dryRun=All";
        var body = text(policy(namespace, number, 81));
        var request =
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(policies)
                        .method("POST", "application/json", body)
                        .build();
        return client.getHttpClient().sendAsync(request, byte[].class).join();
    }

    private static String text(JsonNode policy) {
        return new String(Yaml.json(policy), StandardCharsets.UTF_8);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode policy(String namespace, int number, int port) {
        var policy = (ObjectNode) Reviews.policy(port);
        policy.withObject("/metadata").put("namespace", namespace).put("name", "policy-" + number);
        return policy;
    }

    private static void apply(String cluster, String manifest) {
        var applied = mesh.kubectl(cluster).apply(manifest);
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
    }

    @SuppressWarnings("SystemOut") // It is what one wants to see.
    private static void report(String what, List<Integer> codes) {
        var counts = codes.stream().collect(Collectors.groupingBy(it -> it, Collectors.counting()));
        System.out.println("Crowd: " + what + ": " + counts);
    }
}
