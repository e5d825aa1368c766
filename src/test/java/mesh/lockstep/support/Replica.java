package mesh.lockstep.support;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// One of several webhooks of one cluster. In place of a Service that leads to any of them, the API
/// server asks this one about what the user of its name does: so a test says through which of them
/// a change goes.
public final class Replica implements AutoCloseable {

    private final String name;
    private final WebhookProcess webhook;
    private final Kubectl kubectl;
    private final ClusterApi api;

    private Replica(String name, WebhookProcess webhook, Kubectl kubectl, ClusterApi api) {
        this.name = name;
        this.webhook = webhook;
        this.kubectl = kubectl;
        this.api = api;
    }

    /// Starts one, and waits until it is ready and asked.
    ///
    /// @param name of its own, and of its user
    /// @param folder with the certificate of all replicas, in `tls`
    /// @param environment settings beyond those of the cluster
    public static Replica start(
            Mesh mesh, String cluster, String name, Path folder, Map<String, String> environment) {
        var settings = new HashMap<>(settings(mesh.cluster(cluster)));
        settings.putAll(environment);
        try {
            var own = Files.createDirectory(folder.resolve(name));
            Files.createSymbolicLink(own.resolve("tls"), folder.resolve("tls"));
            var replica =
                    new Replica(
                            name,
                            WebhookProcess.start(own, settings).awaitReady(),
                            mesh.kubectl(cluster),
                            new ClusterApi(mesh, cluster, name));
            replica.register(Files.readAllBytes(folder.resolve("tls/ca.crt")));
            return replica;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a webhook has to know of its cluster in a mesh.
    public static Map<String, String> settings(JsonNode cluster) {
        return Map.of(
                "KUBECONFIG",
                cluster.path("ownKubeconfig").asText(),
                "LOCKSTEP_CLUSTER_NAME",
                cluster.path("name").asText(),
                "LOCKSTEP_PEERS_DIRECTORY",
                cluster.path("peersDirectory").asText());
    }

    /// By the configuration of `k8s/`, of which only the way to the webhook is another, and what
    /// comes of an outage: nothing shall pass unchecked.
    private void register(byte[] authority) {
        var configuration =
                (ObjectNode) Yaml.read(Path.of("k8s/base/80-validatingwebhookconfiguration.yaml"));
        configuration.withObject("/metadata").put("name", configurationName());
        for (var entry : configuration.path("webhooks")) {
            ((ObjectNode) entry)
                    .put("failurePolicy", "Fail")
                    .putObject("clientConfig")
                    .put("url", "https://127.0.0.1:" + webhook.httpsPort() + "/validate")
                    .put("caBundle", Base64.getEncoder().encodeToString(authority));
            ((ObjectNode) entry)
                    .putArray("matchConditions")
                    .addObject()
                    .put("name", "who")
                    .put("expression", "request.userInfo.username == '" + name + "'");
        }
        var applied = kubectl.apply(Yaml.write(configuration));
        assertThat(applied.succeeded()).as(applied.err()).isTrue();
        var probe = Reviews.policy(1);
        await().atMost(SOON)
                .until(
                        () -> {
                            api.apply("allow-api", probe, "probe", true);
                            return webhook.metric("lockstep_admission_requests_total") > 0;
                        });
    }

    private String configurationName() {
        return "lockstep-" + name;
    }

    /// The cluster, where this one judges.
    public ClusterApi api() {
        return api;
    }

    /// It ends without a word.
    public void kill() {
        webhook.handle().destroyForcibly();
        close();
    }

    /// It ends as a pod that is taken away.
    @Override
    public void close() {
        kubectl.run("delete", "validatingwebhookconfiguration", configurationName());
        api.close();
        webhook.close();
    }
}
