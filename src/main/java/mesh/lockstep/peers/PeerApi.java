package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.StrictJson;
import org.jboss.logging.Logger;

/// A peer's API server and the three things we ask of it. JSON comes as it is sent: classes made
/// from the CRDs would lose an empty list, an explicit null, an unknown field.
///
/// An interrupt ends a request.
final class PeerApi implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PeerApi.class);

    private static final int PAGE = 500;
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

    /// A page of 500 policies with 130 KiB each.
    private static final int MAX_BODY = 64 * 1024 * 1024;

    private final HttpClient client;
    private final String policies;

    PeerApi(HttpClient client, URI server) {
        this.client = client;
        var base = server.toString();
        this.policies = (base.endsWith("/") ? base : base + "/") + "apis/" + Kind.GROUP + "/v2/";
    }

    /// One page of all that there are, as they are now: without a resource version the API server
    /// answers from a quorum.
    ///
    /// @param next the `continue` of the page before, empty for the first
    Answer list(Kind kind, String next) throws InterruptedException {
        var query = "?limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next));
        return whole(policies + kind.plural() + query, Deadline.in(PAGE_TIMEOUT));
    }

    /// The policy as it is now, read from a quorum.
    Answer get(PolicyKey key, Duration atMost) throws InterruptedException {
        var kind = key.kind();
        var folder =
                kind.namespaced()
                        ? "namespaces/" + encoded(key.namespace()) + "/" + kind.plural()
                        : kind.plural();
        return whole(policies + folder + "/" + encoded(key.name()), Deadline.in(atMost));
    }

    /// What happens from a resource version on, with bookmarks.
    ///
    /// @param lasting for how long the peer shall send, then end it; in whole seconds
    Opening watch(Kind kind, String resourceVersion, Duration lasting) throws InterruptedException {
        var url =
                policies
                        + kind.plural()
                        + "?watch=true&allowWatchBookmarks=true&resourceVersion="
                        + encoded(resourceVersion)
                        + "&timeoutSeconds="
                        + lasting.toSeconds();
        var deadline = Deadline.in(OPEN_TIMEOUT);
        try {
            var exchange = Exchange.begin(client, request(url, deadline), deadline);
            if (exchange.code() == 200) {
                return new Opening.Opened(new WatchStream(exchange));
            }
            try (exchange) {
                return new Opening.Declined(answer(exchange, deadline));
            }
        } catch (IOException e) {
            return new Opening.Declined(lost(e));
        }
    }

    sealed interface Opening {
        record Opened(WatchStream stream) implements Opening {}

        record Declined(Answer answer) implements Opening {}
    }

    private Answer whole(String url, Deadline deadline) throws InterruptedException {
        try (var exchange = Exchange.begin(client, request(url, deadline), deadline)) {
            return answer(exchange, deadline);
        } catch (IOException e) {
            return lost(e);
        }
    }

    private static Answer.Lost lost(IOException e) {
        LOG.debug("No answer from a peer", e);
        return new Answer.Lost(Cause.of(e));
    }

    /// The client's own timeout ends with the head of the response. It ends requests, too, that
    /// nobody waits for any more.
    private HttpRequest request(String url, Deadline deadline) {
        return client.newHttpRequestBuilder()
                .uri(url)
                .header("Accept", "application/json")
                .header("User-Agent", "lockstep")
                .timeout(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS)
                .build();
    }

    private static Answer answer(Exchange exchange, Deadline deadline)
            throws IOException, InterruptedException {
        var body = exchange.rest(MAX_BODY, deadline);
        if (exchange.code() != 200) {
            return new Answer.Rejected(exchange.code(), status(body));
        }
        try {
            return new Answer.Given(StrictJson.read(body));
        } catch (IOException e) {
            return new Answer.Lost("unreadable answer");
        }
    }

    /// Whatever stands between us and an API server may answer in its place, in HTML.
    private static JsonNode status(byte[] body) {
        try {
            return StrictJson.read(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
    }
}
