package mesh.lockstep.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.http.HttpRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.StrictJson;
import org.jspecify.annotations.Nullable;

/// This cluster's API server, for the objects that Lockstep writes there: reports and events. What
/// is read back is not trusted: others may write such objects as well.
@Singleton
public class OwnApi {

    /// Who wrote a field, in server-side apply: the same in every replica.
    public static final String MANAGER = "lockstep";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(30);

    /// Items of a list that may be asked for at once.
    public static final int PAGE = 100;

    /// The bound of a list, which is not kept.
    private static final long MAX_PAGE = 512L * 1024 * 1024;

    private final Supplier<Server> server;
    private final Intake intake = Intake.ofHeap();

    public OwnApi(Supplier<Server> server) {
        this.server = server;
    }

    /// The outcome of a request.
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

    /// One page of a list, whose items are handed over one by one as they come, and not kept. One
    /// that is too large for a tree comes as a text.
    ///
    /// @return the page, as [ListPage#around()] leaves it
    public Reply list(String path, Consumer<JsonNode> items) throws InterruptedException {
        var deadline = Deadline.in(PAGE_TIMEOUT);
        return send(
                request(path, PeerApi.JSON, deadline),
                deadline,
                exchange -> {
                    try (var page =
                            ListPage.ofOwn(intake.ofPeer(), MAX_PAGE, PAGE, items, deadline)) {
                        exchange.rest(page::deadline, page::add);
                        return page.around();
                    }
                });
    }

    /// Only the object's kind and metadata.
    public Reply getMetadata(String path) throws InterruptedException {
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
        var deadline = Deadline.in(TIMEOUT);
        return send(
                request(path, accepted, deadline)
                        .method(method, type, body == null ? null : text(body)),
                deadline,
                exchange -> document(exchange, deadline));
    }

    private HttpRequest.Builder request(String path, String accepted, Deadline deadline) {
        var own = server.get();
        var base = own.address().toString().replaceFirst("/$", "");
        return own.client()
                .newHttpRequestBuilder()
                .uri(base + path)
                .header("Accept", accepted)
                .timeout(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Reads what the API server sends if it succeeds. Its refusals are not all JSON: of a group
    /// that it does not have, it says so in plain text.
    private Reply send(HttpRequest.Builder request, Deadline deadline, Reading reading)
            throws InterruptedException {
        var http = server.get().client();
        try (var exchange = Exchange.begin(http, request.build(), deadline)) {
            var code = exchange.code();
            if (code >= 200 && code < 300) {
                return new Reply(code, reading.of(exchange), "");
            }
            exchange.rest(() -> deadline, _ -> {});
            return new Reply(code, MissingNode.getInstance(), "HTTP " + code);
        } catch (IOException e) {
            return new Reply(0, MissingNode.getInstance(), Cause.of(e));
        }
    }

    /// Too large for a tree, it is a text.
    private JsonNode document(Exchange exchange, Deadline deadline)
            throws IOException, InterruptedException {
        try (var document = Document.ofOwn(intake.ofPeer(), deadline)) {
            exchange.rest(document::deadline, piece -> document.add(piece, 0, piece.length));
            return document.read(Keep.RULES);
        }
    }

    private interface Reading {
        JsonNode of(Exchange exchange) throws IOException, InterruptedException;
    }

    private static String text(JsonNode body) {
        try {
            return new String(StrictJson.write(body), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
