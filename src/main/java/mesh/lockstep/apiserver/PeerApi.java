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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import org.jboss.logging.Logger;

/// A peer's API server and the few things we ask of it. JSON comes as it is sent: classes made from
/// the CRDs would lose an empty list, an explicit null, an unknown field.
///
/// An interrupt ends a request.
public final class PeerApi implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PeerApi.class);

    /// Where the definition of CiliumNetworkPolicies is.
    public static final String POLICY_DEFINITION =
            "apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
                    + Kind.CILIUM_NETWORK_POLICY.resource();

    static final String JSON = "application/json";

    /// Only an object's kind and metadata.
    static final String METADATA = JSON + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private static final String METADATA_LIST =
            JSON + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    static final int PAGE = 500;

    private static final String NAMESPACES = "api/v1/namespaces";

    /// The namespace by which a cluster is known.
    public static final String KUBE_SYSTEM = NAMESPACES + "/kube-system";

    /// Cilium's own settings.
    public static final String CILIUM_CONFIG = KUBE_SYSTEM + "/configmaps/cilium-config";

    private static final long MAX_RETRY_AFTER_SECONDS = 3600;
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

    /// Whether Cilium shares a namespace with the mesh (`Documentation/network/clustermesh` of
    /// Cilium 1.20).
    public static final String GLOBAL = "clustermesh.cilium.io/global";

    /// Bytes: 500 policies with 130 KiB each.
    private static final long MAX_PAGE = 64L * 1024 * 1024;

    /// etcd keeps no ConfigMap of more than 1 MiB.
    private static final int MAX_SMALL = 1024 * 1024 + 4096;

    private static final Keep IDENTITY = new Keep.Only(Map.of("metadata", Keep.only("uid")));
    private static final Keep SETTINGS = Keep.only("data");
    private static final Keep LABELS = new Keep.Only(Map.of("metadata", Keep.only("labels")));
    private static final Keep.Only NAME = new Keep.Only(Map.of("metadata", Keep.only("name")));

    /// What a namespace says of itself.
    private static final Keep.Only NAMESPACE =
            new Keep.Only(
                    Map.of(
                            "metadata",
                            Keep.only("name", "resourceVersion", "labels", "deletionTimestamp")
                                    .and("annotations", Keep.only(GLOBAL))));

    private static final Keep.Only KEY =
            new Keep.Only(Map.of("metadata", Keep.only("name", "namespace")));

    private static final Keep STATUS =
            new Keep.Only(Map.of("reason", Keep.WHOLE, "details", Keep.only("kind", "name")));

    private final HttpClient client;
    private final String root;
    private final Intake intake;

    /// @param intake the peer's part of the room
    public PeerApi(HttpClient client, URI server, Intake intake) {
        this.client = client;
        this.intake = intake;
        var base = server.toString();
        root = base.endsWith("/") ? base : base + "/";
    }

    /// The namespace by which a cluster is known.
    public Answer kubeSystem(Duration atMost) throws InterruptedException {
        return send(KUBE_SYSTEM, JSON, Deadline.in(atMost), small(IDENTITY));
    }

    /// Cilium's own settings.
    public Answer ciliumConfig(Duration atMost) throws InterruptedException {
        return send(CILIUM_CONFIG, JSON, Deadline.in(atMost), small(SETTINGS));
    }

    /// The definition of CiliumNetworkPolicies, without what it defines: only its metadata.
    public Answer policyDefinition(Duration atMost) throws InterruptedException {
        return send(POLICY_DEFINITION, METADATA, Deadline.in(atMost), small(LABELS));
    }

    /// One page of all that there are, as they are now: without a resource version the API server
    /// answers from a quorum. Its items are handed over one by one as they come, and not kept.
    ///
    /// @param next the `continue` of the page before, empty for the first
    /// @param until when the whole list has to be there; a page has half a minute at most
    /// @return given: the page, as [ListPage#around()] leaves it
    public Answer list(Kind kind, String next, Deadline until, Consumer<JsonNode> items)
            throws InterruptedException {
        var deadline = until.orIn(PAGE_TIMEOUT);
        return page(kind.path(), JSON, Keep.HELD_POLICY, next, deadline, items);
    }

    /// The same of one namespace; or, if it is empty, of all.
    public Answer list(
            Kind kind, String namespace, String next, Deadline until, Consumer<JsonNode> items)
            throws InterruptedException {
        var deadline = until.orIn(PAGE_TIMEOUT);
        return page(path(kind, namespace), JSON, Keep.POLICY, next, deadline, items);
    }

    /// One page of those with some labels, only their metadata.
    ///
    /// @param namespace empty for all
    /// @param selector of labels, in the words of kubectl
    /// @param next the `continue` of the page before, empty for the first
    /// @return given: the page, as [ListPage#around()] leaves it
    public Answer labeled(
            Kind kind,
            String namespace,
            String selector,
            String next,
            Deadline until,
            Consumer<JsonNode> items)
            throws InterruptedException {
        var path = path(kind, namespace) + "?labelSelector=" + PolicyKey.encoded(selector);
        return page(path, METADATA_LIST, KEY, next, until.orIn(PAGE_TIMEOUT), items);
    }

    private static String path(Kind kind, String namespace) {
        return namespace.isEmpty() ? kind.path() : kind.path(namespace);
    }

    /// What a namespace says of itself: whether it is shared, its level, whether it is going.
    public Answer namespace(String name, Duration atMost) throws InterruptedException {
        var path = NAMESPACES + "/" + PolicyKey.encoded(name);
        return send(path, METADATA, Deadline.in(atMost), small(NAMESPACE));
    }

    /// One page of all CiliumCIDRGroups, only their metadata.
    ///
    /// @param version of their API: `v2`, or `v2alpha1` before Cilium 1.18
    /// @param next the `continue` of the page before, empty for the first
    /// @return given: the page, as [ListPage#around()] leaves it
    public Answer cidrGroups(
            String version, String next, Deadline deadline, Consumer<JsonNode> items)
            throws InterruptedException {
        var path = "apis/cilium.io/" + version + "/ciliumcidrgroups";
        return page(path, METADATA_LIST, NAME, next, deadline, items);
    }

    private Answer page(
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

    /// Whether a namespace says that it is shared with the mesh; empty of one that does not say.
    public static Optional<Boolean> saysShared(JsonNode namespace) {
        var global = namespace.path("metadata").path("annotations").path(GLOBAL);
        return global.isTextual()
                ? Optional.of(Boolean.parseBoolean(global.textValue()))
                : Optional.empty();
    }

    /// One page of all namespaces, only their metadata.
    ///
    /// @param next the `continue` of the page before, empty for the first
    /// @param until when the whole list has to be there; a page has half a minute at most
    /// @return given: the page, as [ListPage#around()] leaves it
    public Answer namespaces(String next, Deadline until, Consumer<JsonNode> items)
            throws InterruptedException {
        var deadline = until.orIn(PAGE_TIMEOUT);
        return page(NAMESPACES, METADATA_LIST, NAMESPACE, next, deadline, items);
    }

    /// The policy as it is now, read from a quorum.
    ///
    /// @param clock is told what arrives, and when the time is ours
    public Answer get(PolicyKey key, Deadline deadline, FairTime.Clock clock)
            throws InterruptedException {
        return send(
                key.path(),
                JSON,
                deadline,
                (exchange, until) ->
                        read(
                                exchange,
                                Document.ofObject(intake, Keep.HELD_POLICY, until),
                                Keep.HELD_POLICY,
                                clock));
    }

    /// What happens from a resource version on, with bookmarks.
    ///
    /// @param lasting how long the peer should send before it ends the watch; in whole seconds
    public Opening watch(Kind kind, String resourceVersion, Duration lasting)
            throws InterruptedException {
        return watch(kind.path(), JSON, Keep.HELD_POLICY, resourceVersion, lasting);
    }

    /// The same of namespaces, only their metadata.
    public Opening watchNamespaces(String resourceVersion, Duration lasting)
            throws InterruptedException {
        return watch(NAMESPACES, METADATA, NAMESPACE, resourceVersion, lasting);
    }

    private Opening watch(
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

    public sealed interface Opening {
        record Opened(WatchStream stream) implements Opening {}

        record Declined(Answer answer) implements Opening {}
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
                exchange.header("Retry-After").map(PeerApi::seconds).orElse(Duration.ZERO),
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
