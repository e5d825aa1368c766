package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.policy.StrictJson;
import org.jspecify.annotations.Nullable;

/// This cluster's API server, for the objects that Lockstep writes there: reports and events.
@Singleton
public class OwnApi {

    /// Who wrote a field, in server-side apply: the same in every replica.
    private static final String MANAGER = "lockstep";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Instance<KubernetesClient> client;

    OwnApi(Instance<KubernetesClient> client) {
        this.client = client;
    }

    /// What comes of a request.
    ///
    /// @param code of HTTP; 0 if no answer came, or none that can be read
    /// @param body missing unless it succeeded
    /// @param problem for people, in a few words; empty if there is none
    public record Reply(int code, JsonNode body, String problem) {

        public boolean succeeded() {
            return code >= 200 && code < 300;
        }
    }

    public Reply get(String path) throws InterruptedException {
        return send("GET", path, PeerApi.JSON, null);
    }

    /// Of the object only what it is and its metadata.
    Reply getMetadata(String path) throws InterruptedException {
        return send("GET", path, PeerApi.METADATA, PeerApi.JSON, null);
    }

    /// Server-side apply: makes or changes the object, and takes over what others wrote of it.
    public Reply apply(String path, JsonNode object) throws InterruptedException {
        var query = "?force=true&fieldManager=" + MANAGER;
        return send("PATCH", path + query, "application/apply-patch+yaml", object);
    }

    public Reply create(String path, JsonNode object) throws InterruptedException {
        return send("POST", path, PeerApi.JSON, object);
    }

    /// A merge patch.
    public Reply patch(String path, JsonNode change) throws InterruptedException {
        return send("PATCH", path, "application/merge-patch+json", change);
    }

    public Reply delete(String path) throws InterruptedException {
        return send("DELETE", path, PeerApi.JSON, null);
    }

    private Reply send(String method, String path, String type, @Nullable JsonNode body)
            throws InterruptedException {
        return send(method, path, PeerApi.JSON, type, body);
    }

    private Reply send(
            String method, String path, String accepted, String type, @Nullable JsonNode body)
            throws InterruptedException {
        var kubernetes = client.get();
        var base = kubernetes.getMasterUrl().toString().replaceFirst("/$", "");
        try {
            var http = kubernetes.getHttpClient();
            var text =
                    body == null
                            ? null
                            : new String(StrictJson.write(body), StandardCharsets.UTF_8);
            var request =
                    http.newHttpRequestBuilder()
                            .uri(base + path)
                            .header("Accept", accepted)
                            .method(method, type, text)
                            .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                            .build();
            return reply(
                    http.sendAsync(request, byte[].class)
                            .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException | IOException e) {
            return new Reply(0, MissingNode.getInstance(), Cause.of(e));
        }
    }

    /// An API server's refusals are not all JSON: of a group that it does not have, it says so in
    /// plain text.
    private static Reply reply(HttpResponse<byte[]> response) throws IOException {
        var code = response.code();
        return response.isSuccessful()
                ? new Reply(code, StrictJson.read(response.body()), "")
                : new Reply(code, MissingNode.getInstance(), "HTTP " + code);
    }
}
