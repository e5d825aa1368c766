package mesh.lockstep.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;

/// A peer's API server and the few things we ask of it. JSON comes as it is sent: classes made from
/// the CRDs would lose an empty list, an explicit null, an unknown field.
///
/// An interrupt ends a request.
public final class PeerApi implements AutoCloseable {

    /// Where the definition of CiliumNetworkPolicies is.
    public static final String POLICY_DEFINITION =
            "apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
                    + Kind.CILIUM_NETWORK_POLICY.resource();

    static final String JSON = "application/json";

    /// Only an object's kind and metadata.
    static final String METADATA = JSON + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private static final String METADATA_LIST =
            JSON + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    private static final String NAMESPACES = "api/v1/namespaces";

    /// The namespace by which a cluster is known.
    public static final String KUBE_SYSTEM = NAMESPACES + "/kube-system";

    /// Cilium's own settings.
    public static final String CILIUM_CONFIG = KUBE_SYSTEM + "/configmaps/cilium-config";

    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(30);

    /// Whether Cilium shares a namespace with the mesh (`Documentation/network/clustermesh` of
    /// Cilium 1.20).
    public static final String GLOBAL = "clustermesh.cilium.io/global";

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

    private final Requests requests;

    /// @param intake the peer's part of the room
    public PeerApi(HttpClient client, URI server, Intake intake) {
        requests = new Requests(client, server, intake);
    }

    /// The namespace by which a cluster is known.
    public Answer kubeSystem(Duration atMost) throws InterruptedException {
        return requests.small(KUBE_SYSTEM, JSON, atMost, IDENTITY);
    }

    /// Cilium's own settings.
    public Answer ciliumConfig(Duration atMost) throws InterruptedException {
        return requests.small(CILIUM_CONFIG, JSON, atMost, SETTINGS);
    }

    /// The definition of CiliumNetworkPolicies, without what it defines: only its metadata.
    public Answer policyDefinition(Duration atMost) throws InterruptedException {
        return requests.small(POLICY_DEFINITION, METADATA, atMost, LABELS);
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
        return requests.page(kind.path(), JSON, Keep.HELD_POLICY, next, deadline, items);
    }

    /// The same of one namespace; or, if it is empty, of all.
    public Answer list(
            Kind kind, String namespace, String next, Deadline until, Consumer<JsonNode> items)
            throws InterruptedException {
        var deadline = until.orIn(PAGE_TIMEOUT);
        return requests.page(path(kind, namespace), JSON, Keep.POLICY, next, deadline, items);
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
        return requests.page(path, METADATA_LIST, KEY, next, until.orIn(PAGE_TIMEOUT), items);
    }

    private static String path(Kind kind, String namespace) {
        return namespace.isEmpty() ? kind.path() : kind.path(namespace);
    }

    /// What a namespace says of itself: whether it is shared, its level, whether it is going.
    public Answer namespace(String name, Duration atMost) throws InterruptedException {
        var path = NAMESPACES + "/" + PolicyKey.encoded(name);
        return requests.small(path, METADATA, atMost, NAMESPACE);
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
        return requests.page(path, METADATA_LIST, NAME, next, deadline, items);
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
        return requests.page(NAMESPACES, METADATA_LIST, NAMESPACE, next, deadline, items);
    }

    /// The policy as it is now, read from a quorum.
    ///
    /// @param clock is told what arrives, and when the time is ours
    public Answer get(PolicyKey key, Deadline deadline, FairTime.Clock clock)
            throws InterruptedException {
        return requests.object(key.path(), Keep.HELD_POLICY, deadline, clock);
    }

    /// What happens from a resource version on, with bookmarks.
    ///
    /// @param lasting how long the peer should send before it ends the watch; in whole seconds
    public Opening watch(Kind kind, String resourceVersion, Duration lasting)
            throws InterruptedException {
        return requests.watch(kind.path(), JSON, Keep.HELD_POLICY, resourceVersion, lasting);
    }

    /// The same of namespaces, only their metadata.
    public Opening watchNamespaces(String resourceVersion, Duration lasting)
            throws InterruptedException {
        return requests.watch(NAMESPACES, METADATA, NAMESPACE, resourceVersion, lasting);
    }

    /// What comes of asking for a watch.
    public sealed interface Opening {
        record Opened(WatchStream stream) implements Opening {}

        record Declined(Answer answer) implements Opening {}
    }

    @Override
    public void close() {
        requests.close();
    }
}
