package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Lost;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.policy.StrictJson;
import org.jspecify.annotations.Nullable;

/// An API server of the user's, for the objects by which Lockstep is installed. Nothing of what is
/// sent or received is logged: tokens are among it.
final class ApiServer {

    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int TRY_AGAIN = 429;

    private static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// Bytes. An API server's metrics are the most that is read.
    private static final int MOST = 64 * 1024 * 1024;

    /// As API servers write it: code, agent, and a text in quotes (RFC 7234, section 5.5).
    private static final Pattern WARNING =
            Pattern.compile("\\d{3} \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpClient client;
    private final Config config;

    /// @param config what the user's kubeconfig says of it
    ApiServer(HttpClient client, Config config) {
        this.client = client;
        this.config = config;
    }

    /// What the user's kubeconfig says of it.
    Config config() {
        return config;
    }

    /// What came back.
    ///
    /// @param warnings of webhooks and of the API server itself
    record Reply(Answer answer, List<String> warnings) {}

    /// @param path from the API server's root
    Answer get(String path) throws InterruptedException {
        return send("GET", path, JSON, null).answer();
    }

    /// Makes an object.
    ///
    /// @param path of its collection
    Reply create(String path, JsonNode object) throws InterruptedException {
        return send("POST", path, JSON, object);
    }

    /// Server-side apply: makes or changes an object, and takes over what others wrote of it.
    ///
    /// @param manager who writes it
    Answer apply(String path, String manager, JsonNode object) throws InterruptedException {
        return serverSide(path, "force=true&fieldManager=" + manager, object).answer();
    }

    /// Server-side apply.
    ///
    /// @param query says how: as a dry run, for whom, by force
    Reply serverSide(String path, String query, JsonNode object) throws InterruptedException {
        return send("PATCH", path + "?" + query, "application/apply-patch+yaml", object);
    }

    /// A merge patch.
    Answer patch(String path, JsonNode change) throws InterruptedException {
        return send("PATCH", path, "application/merge-patch+json", change).answer();
    }

    Answer delete(String path) throws InterruptedException {
        return send("DELETE", path, JSON, null).answer();
    }

    /// What is no JSON.
    ///
    /// @return empty if it may not be read, or there was no answer
    String text(String path) throws InterruptedException {
        try {
            var response = exchange(request("GET", path, "*/*", JSON, null));
            return response.code() == 200 ? response.text() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Reply send(String method, String path, String type, @Nullable JsonNode body)
            throws InterruptedException {
        try {
            var response = exchange(request(method, path, JSON, type, body));
            return new Reply(answer(response), response.warnings());
        } catch (IOException e) {
            return new Reply(new Lost(Cause.of(e)), List.of());
        }
    }

    private static Answer answer(Response response) throws IOException {
        if (response.code() >= 200 && response.code() < 300) {
            return new Given(response.json(), "");
        }
        return new Rejected(response.code(), status(response), Duration.ZERO, "");
    }

    /// Whatever is between us and an API server may answer in its place, in HTML.
    private static JsonNode status(Response response) {
        try {
            return response.json();
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private HttpRequest request(
            String method, String path, String accepted, String type, @Nullable JsonNode body)
            throws IOException {
        var content =
                body == null ? null : new String(StrictJson.write(body), StandardCharsets.UTF_8);
        return client.newHttpRequestBuilder()
                .uri(config.getMasterUrl().replaceFirst("/?$", "/") + path)
                .header("Accept", accepted)
                .header("User-Agent", Main.PROGRAM)
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .method(method, type, content)
                .build();
    }

    private record Response(int code, String text, List<String> warnings) {

        JsonNode json() throws IOException {
            return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Response exchange(HttpRequest request) throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        var pending =
                client.consumeBytes(request, (buffers, rest) -> take(buffers, rest, body))
                        .thenCompose(ApiServer::read);
        try {
            var response = pending.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new Response(
                    response.code(), body.toString(StandardCharsets.UTF_8), warnings(response));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
    }

    private static CompletableFuture<HttpResponse<AsyncBody>> read(
            HttpResponse<AsyncBody> response) {
        response.body().consume();
        return response.body().done().thenApply(_ -> response);
    }

    private static void take(List<ByteBuffer> buffers, AsyncBody rest, ByteArrayOutputStream body)
            throws IOException {
        for (var buffer : buffers) {
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            body.write(bytes);
        }
        if (body.size() > MOST) {
            rest.cancel();
            throw new IOException("more than an API server sends");
        }
        rest.consume();
    }

    private static List<String> warnings(HttpResponse<AsyncBody> response) {
        return response.headers("Warning").stream()
                .flatMap(header -> WARNING.matcher(header).results())
                .map(result -> result.group(1).replaceAll("\\\\(.)", "$1"))
                .toList();
    }
}
