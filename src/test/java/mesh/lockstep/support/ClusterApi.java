package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.policy.StrictJson;
import org.jspecify.annotations.Nullable;

/// The policies of one cluster, and whatever else is in it, as a program writes them: requests to
/// the API server, ten times as fast as kubectl.
public final class ClusterApi implements AutoCloseable {

    private static final long SECONDS = 30;
    private static final String POLICIES =
            "/apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies/";

    private final String cluster;
    private final KubernetesClient client;
    private final String server;

    public ClusterApi(Mesh mesh, String cluster) {
        this(cluster, Config.fromKubeconfig(mesh.kubeconfig(cluster)));
    }

    /// The same as another user, who may do everything, too.
    public ClusterApi(Mesh mesh, String cluster, String user) {
        this(cluster, as(user, Config.fromKubeconfig(mesh.kubeconfig(cluster))));
    }

    private static Config as(String user, Config config) {
        config.setImpersonateUsername(user);
        config.setImpersonateGroups("system:masters");
        return config;
    }

    private ClusterApi(String cluster, Config config) {
        this.cluster = cluster;
        client = new KubernetesClientBuilder().withConfig(config).build();
        server = config.getMasterUrl().replaceFirst("/$", "");
    }

    /// What the API server answered.
    ///
    /// @param code HTTP status
    /// @param warnings as the webhook sent them
    public record Answer(int code, List<String> warnings, JsonNode body) {

        public boolean succeeded() {
            return code < 300;
        }

        public String message() {
            return body.path("message").asText();
        }
    }

    public String cluster() {
        return cluster;
    }

    /// Server-side apply, as Flux and Argo CD do it.
    public Answer apply(String name, JsonNode policy, String manager, boolean dryRun) {
        return applyAt(POLICIES + name, policy, manager, dryRun);
    }

    /// A change of some fields, by a merge patch.
    public Answer patch(String name, JsonNode patch) {
        return patchAt(POLICIES + name, patch);
    }

    public Answer delete(String name) {
        return deleteAt(POLICIES + name);
    }

    public Answer get(String name) {
        return getAt(POLICIES + name);
    }

    /// The same of any object.
    ///
    /// @param path of the object, or its `/status`, after the API server's address
    public Answer applyAt(String path, JsonNode object, String manager, boolean dryRun) {
        var query = "?fieldManager=" + manager + "&force=true" + (dryRun ? "&dryRun=All" : "");
        return send("PATCH", path + query, "application/apply-patch+yaml", object);
    }

    public Answer patchAt(String path, JsonNode patch) {
        return send("PATCH", path, "application/merge-patch+json", patch);
    }

    public Answer deleteAt(String path) {
        return send("DELETE", path, "application/json", null);
    }

    public Answer getAt(String path) {
        return send("GET", path, "application/json", null);
    }

    private Answer send(String method, String path, String type, @Nullable JsonNode body) {
        var http = client.getHttpClient();
        var text = body == null ? "" : new String(Yaml.json(body), StandardCharsets.UTF_8);
        var request =
                http.newHttpRequestBuilder()
                        .uri(server + path)
                        .method(method, type, body == null ? null : text)
                        .build();
        try {
            var response = http.sendAsync(request, byte[].class).get(SECONDS, TimeUnit.SECONDS);
            var warnings = response.headers("Warning").stream().map(ClusterApi::text).toList();
            return new Answer(response.code(), warnings, StrictJson.read(response.body()));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method + " " + path + " at " + cluster, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A `Warning` header is `299 - "text"`, with quotes and backslashes escaped (RFC 7234, section
    /// 5.5).
    private static String text(String header) {
        return header.replaceFirst("^299 - \"", "")
                .replaceFirst("\"$", "")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\");
    }

    @Override
    public void close() {
        client.close();
    }
}
