package mesh.lockstep.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mesh.lockstep.apiserver.PeerApi.Opening;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.PolicyKey;
import org.jboss.logging.Logger;

/// Requests to a peer's API server, and how what comes back is read: within bounds of time and
/// size, and no more of it than is wanted.
final class Requests implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Requests.class);

    /// Items of a list that are asked for at once.
    static final int PAGE = 500;

    /// Bytes: 500 policies with 130 KiB each.
    private static final long MAX_PAGE = 64L * 1024 * 1024;

    /// etcd keeps no ConfigMap of more than 1 MiB.
    private static final int MAX_SMALL = 1024 * 1024 + 4096;

    private static final long MAX_RETRY_AFTER_SECONDS = 3600;
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

    private static final Keep STATUS =
            new Keep.Only(Map.of("reason", Keep.WHOLE, "details", Keep.only("kind", "name")));

    private final HttpClient client;
    private final String root;
    private final Intake intake;

    Requests(HttpClient client, URI server, Intake intake) {
        this.client = client;
        this.intake = intake;
        var base = server.toString();
        root = base.endsWith("/") ? base : base + "/";
    }

    /// An object of at most 1 MiB.
    Answer small(String path, String accepted, Duration atMost, Keep keep)
            throws InterruptedException {
        return send(path, accepted, Deadline.in(atMost), small(keep));
    }

    /// An object.
    ///
    /// @param clock is told what arrives, and when the time is ours
    Answer object(String path, Keep.Only keep, Deadline deadline, FairTime.Clock clock)
            throws InterruptedException {
        return send(
                path,
                PeerApi.JSON,
                deadline,
                (exchange, until) ->
                        read(exchange, Document.ofObject(intake, keep, until), keep, clock));
    }

    /// One page of a list, whose items are handed over one by one as they come, and not kept.
    ///
    /// @param next the `continue` of the page before, empty for the first
    /// @return given: the page, as [ListPage#around()] leaves it
    Answer page(
            String path,
            String accepted,
            Keep.Only keep,
            String next,
            Deadline deadline,
            Consumer<JsonNode> items)
            throws InterruptedException {
        var query =
                (path.contains("?") ? "&" : "?")
                        + "limit="
                        + PAGE
                        + (next.isEmpty() ? "" : "&continue=" + PolicyKey.encoded(next));
        return send(
                path + query,
                accepted,
                deadline,
                (exchange, until) -> {
                    try (var page = new ListPage(intake, keep, MAX_PAGE, PAGE, items, until)) {
                        exchange.rest(page::deadline, page::add);
                        return page.around();
                    }
                });
    }

    /// What happens in a collection from a resource version on, with bookmarks.
    ///
    /// @param lasting how long the peer should send before it ends the watch; in whole seconds
    Opening watch(
            String collection,
            String accepted,
            Keep.Only keep,
            String resourceVersion,
            Duration lasting)
            throws InterruptedException {
        var path =
                collection
                        + "?watch=true&allowWatchBookmarks=true&resourceVersion="
                        + PolicyKey.encoded(resourceVersion)
                        + "&timeoutSeconds="
                        + lasting.toSeconds();
        var deadline = Deadline.in(OPEN_TIMEOUT);
        try {
            var exchange = Exchange.begin(client, request(path, accepted, deadline), deadline);
            if (exchange.code() == 200) {
                return new Opening.Opened(new WatchStream(exchange, keep, intake));
            }
            try (exchange) {
                return new Opening.Declined(rejected(exchange, deadline));
            }
        } catch (IOException e) {
            return new Opening.Declined(lost(e));
        }
    }

    /// Reads what an API server sends.
    private interface Reading {
        JsonNode of(Exchange exchange, Deadline deadline) throws IOException, InterruptedException;
    }

    private Reading small(Keep keep) {
        return (exchange, deadline) -> {
            var document =
                    new Document(intake, MAX_SMALL, "an answer of more than 1 MiB", deadline);
            return read(exchange, document, keep, new FairTime.Clock());
        };
    }

    private static JsonNode read(
            Exchange exchange, Document document, Keep keep, FairTime.Clock clock)
            throws IOException, InterruptedException {
        try (document) {
            exchange.rest(
                    document::deadline,
                    piece -> {
                        clock.came(piece.length);
                        clock.stoppedDuring(
                                () -> {
                                    document.add(piece, 0, piece.length);
                                    return document;
                                });
                    });
            return clock.stoppedDuring(() -> document.read(keep));
        }
    }

    private Answer send(String path, String accepted, Deadline deadline, Reading reading)
            throws InterruptedException {
        try (var exchange = Exchange.begin(client, request(path, accepted, deadline), deadline)) {
            return exchange.code() == 200
                    ? new Answer.Given(reading.of(exchange, deadline), flowSchema(exchange))
                    : rejected(exchange, deadline);
        } catch (TooMuchException | JsonProcessingException | CharacterCodingException e) {
            return new Answer.Lost(Cause.of(e));
        } catch (IOException e) {
            return lost(e);
        }
    }

    private static Answer.Lost lost(IOException e) {
        LOG.debug("No answer from a peer", e);
        return new Answer.Lost(Cause.of(e));
    }

    /// The client's own timeout ends with the head of the response. This also ends requests that
    /// nobody waits for any more.
    private HttpRequest request(String path, String accepted, Deadline deadline) {
        return client.newHttpRequestBuilder()
                .uri(root + path)
                .header("Accept", accepted)
                .header("User-Agent", "lockstep")
                .timeout(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS)
                .build();
    }

    private Answer rejected(Exchange exchange, Deadline deadline)
            throws IOException, InterruptedException {
        return new Answer.Rejected(
                exchange.code(),
                status(exchange, deadline),
                exchange.header("Retry-After").map(Requests::seconds).orElse(Duration.ZERO),
                flowSchema(exchange));
    }

    private static String flowSchema(Exchange exchange) {
        return exchange.header("X-Kubernetes-PF-FlowSchema-UID").orElse("");
    }

    /// API servers send seconds; the date that HTTP allows as well is not read.
    private static Duration seconds(String retryAfter) {
        try {
            var seconds = Long.parseLong(retryAfter.strip());
            return Duration.ofSeconds(Math.clamp(seconds, 0, MAX_RETRY_AFTER_SECONDS));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    /// Whatever is between us and an API server may answer in its place, in HTML.
    private JsonNode status(Exchange exchange, Deadline deadline)
            throws IOException, InterruptedException {
        try {
            return small(STATUS).of(exchange, deadline);
        } catch (JsonProcessingException | CharacterCodingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
