package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import mesh.lockstep.support.TestCertificate;
import org.jspecify.annotations.Nullable;

/// As much of an API server as `status`, `connect`, `disconnect` and `apply` ask of one: it keeps
/// what is applied to it, and hands out tokens.
final class StubCluster implements AutoCloseable {

    static final String SECRETS = "api/v1/namespaces/lockstep/secrets/";

    static {
        // Else each answer waits for what was not acknowledged yet: 40 milliseconds.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Who vouches for all of them.
    static final TestCertificate AUTHORITY = TestCertificate.authority();

    private static final TestCertificate SERVER = AUTHORITY.issueFor("127.0.0.1");

    final String name;

    /// By their paths.
    final SortedMap<String, ObjectNode> objects = new ConcurrentSkipListMap<>();

    /// Method and path of what was asked for, in order.
    final List<String> asked = new CopyOnWriteArrayList<>();

    /// Parts of paths that the user may not touch.
    final List<String> forbidden = new CopyOnWriteArrayList<>();

    /// What is answered to a request in place of anything else, once, by expressions for its method
    /// and path.
    final Map<String, Reply> answers = new ConcurrentHashMap<>();

    /// What the webhook says of what is applied, and of dry runs.
    final List<String> warnings = new CopyOnWriteArrayList<>();

    volatile String metrics = "";
    volatile long longestToken = Long.MAX_VALUE;
    private final HttpsServer server;

    StubCluster(String name) {
        this.name = name;
        try {
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(SERVER.serverContext()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        put("api/v1/namespaces/kube-system", "{}");
        put("api/v1/namespaces/lockstep", "{}");
        put(
                "api/v1/namespaces/kube-system/configmaps/cilium-config",
                "{\"data\":{\"cluster-name\":\"%s\"}}".formatted(name));
        put(
                "apis/cilium.io/v2",
                "{\"resources\":[{\"name\":\"ciliumnetworkpolicies\"},{\"name\":\"ciliumclusterwidenetworkpolicies\"}]}");
    }

    void put(String path, String json) {
        try {
            var object = (ObjectNode) MAPPER.readTree(json);
            object.withObject("/metadata").put("uid", UUID.randomUUID().toString());
            objects.put(path, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Holds these policies of the namespace `default`, and no others.
    void holds(ObjectNode... policies) {
        var folder = "apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies";
        objects.keySet().removeIf(it -> it.startsWith(folder));
        var list = MAPPER.createObjectNode();
        list.withObject("/metadata").put("resourceVersion", "1");
        list.putArray("items").addAll(List.of(policies));
        objects.put("apis/cilium.io/v2/ciliumnetworkpolicies", list);
        for (var policy : policies) {
            objects.put(folder + "/" + policy.at("/metadata/name").asText(), policy);
        }
        for (var path :
                List.of(
                        "api/v1/namespaces",
                        "apis/cilium.io/v2/ciliumclusterwidenetworkpolicies",
                        "apis/cilium.io/v2/ciliumcidrgroups")) {
            put(path, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
        }
    }

    /// A policy of the namespace `default`, as an API server sends it.
    static ObjectNode policy(String name, String port) {
        var policy = JsonNodeFactory.instance.objectNode();
        policy.put("apiVersion", "cilium.io/v2").put("kind", "CiliumNetworkPolicy");
        policy.putObject("metadata")
                .put("name", name)
                .put("namespace", "default")
                .put("resourceVersion", "7");
        policy.withObject("/spec/endpointSelector/matchLabels").put("app", "x");
        policy.withArray("/spec/ingress")
                .addObject()
                .withArray("/toPorts")
                .addObject()
                .withArray("/ports")
                .addObject()
                .put("port", port)
                .put("protocol", "TCP");
        return policy;
    }

    String uid(String path) {
        return object(path).at("/metadata/uid").asText();
    }

    String uid() {
        return uid("api/v1/namespaces/kube-system");
    }

    ObjectNode object(String path) {
        var object = objects.get(path);
        if (object == null) {
            throw new IllegalStateException(name + " has no " + path);
        }
        return object;
    }

    /// What it has of a peer.
    String file(String peer) {
        var data = object(SECRETS + "lockstep-peers").at("/data/" + peer).asText();
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    void file(String peer, String content) {
        objects.computeIfAbsent(
                        SECRETS + "lockstep-peers", _ -> JsonNodeFactory.instance.objectNode())
                .withObject("/data")
                .put(
                        peer,
                        Base64.getEncoder()
                                .encodeToString(content.getBytes(StandardCharsets.UTF_8)));
    }

    String address() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The requests that change something.
    List<String> changes() {
        return asked.stream()
                .filter(it -> !it.startsWith("GET") && !it.contains("dryRun=All"))
                .filter(it -> !it.contains("selfsubjectaccessreviews"))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().toString().substring(1);
        var body = exchange.getRequestBody().readAllBytes();
        asked.add(exchange.getRequestMethod() + " " + path);
        var object = body.length == 0 ? null : (ObjectNode) MAPPER.readTree(body);
        var reply = reply(exchange, path, object);
        var bytes =
                path.equals("metrics")
                        ? metrics.getBytes(StandardCharsets.UTF_8)
                        : MAPPER.writeValueAsBytes(reply.body());
        exchange.sendResponseHeaders(reply.code(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    record Reply(int code, JsonNode body) {}

    private synchronized Reply reply(
            HttpExchange exchange, String path, @Nullable ObjectNode object) {
        if (path.contains("selfsubjectaccessreviews") && object != null) {
            return review(object);
        }
        if (forbidden.stream().anyMatch(path::contains)) {
            return status(403, "is forbidden");
        }
        for (var request : answers.keySet()) {
            if ((exchange.getRequestMethod() + " " + path).matches(request)) {
                return Objects.requireNonNull(answers.remove(request));
            }
        }
        var place = path.replaceFirst("\\?.*", "");
        if (path.contains("dryRun=All") || path.contains("fieldValidation")) {
            warnings.forEach(
                    it -> exchange.getResponseHeaders().add("Warning", "299 - \"" + it + "\""));
        }
        if (path.contains("dryRun=All")) {
            return dryRun(place, Objects.requireNonNull(object));
        }
        return switch (exchange.getRequestMethod()) {
            case "GET" -> get(path, place);
            case "PATCH" -> patch(place, Objects.requireNonNull(object));
            case "DELETE" ->
                    objects.remove(place) == null
                            ? status(404, "not found")
                            : new Reply(200, JsonNodeFactory.instance.objectNode());
            case "POST" -> token(Objects.requireNonNull(object));
            default -> status(405, "");
        };
    }

    private Reply get(String path, String place) {
        if (path.contains("labelSelector")) {
            var list = JsonNodeFactory.instance.objectNode();
            list.withObject("/metadata").put("resourceVersion", "1");
            var items = list.putArray("items");
            objects.forEach(
                    (key, it) -> {
                        if (key.startsWith(SECRETS + "lockstep-peer-")) {
                            items.add(it);
                        }
                    });
            return new Reply(200, list);
        }
        if (place.equals("metrics")) {
            return new Reply(200, JsonNodeFactory.instance.objectNode());
        }
        var object = objects.get(place);
        return object == null ? notFound(place) : new Reply(200, object);
    }

    private Reply dryRun(String place, ObjectNode change) {
        var made = objects.getOrDefault(place, JsonNodeFactory.instance.objectNode()).deepCopy();
        merge(made, change);
        return new Reply(201, made);
    }

    /// Both kinds of patch are the same for what is sent here.
    private Reply patch(String place, ObjectNode change) {
        var object =
                objects.computeIfAbsent(
                        place,
                        _ -> {
                            var made = JsonNodeFactory.instance.objectNode();
                            made.withObject("/metadata").put("uid", UUID.randomUUID().toString());
                            return made;
                        });
        merge(object, change);
        return new Reply(200, object);
    }

    private static void merge(ObjectNode into, ObjectNode change) {
        for (var field : change.properties()) {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode map) {
                merge(into.withObject("/" + field.getKey().replace("/", "~1")), map);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private Reply review(ObjectNode object) {
        var asked = object.at("/spec/resourceAttributes");
        var allowed =
                forbidden.stream().noneMatch(it -> it.contains(asked.path("resource").asText()));
        object.withObject("/status").put("allowed", allowed);
        return new Reply(201, object);
    }

    private Reply token(ObjectNode request) {
        var seconds = Math.min(request.at("/spec/expirationSeconds").asLong(), longestToken);
        var secret = request.at("/spec/boundObjectRef/uid").asText();
        var token =
                token(
                        Instant.now(),
                        Instant.now().plusSeconds(seconds),
                        secret,
                        uid("api/v1/namespaces/lockstep/serviceaccounts/lockstep-peer"));
        request.withObject("/status").put("token", token);
        return new Reply(201, request);
    }

    static String token(Instant start, Instant end, String secret, String account) {
        var claims =
                "{\"iat\":%d,\"exp\":%d,\"kubernetes.io\":{\"secret\":{\"uid\":\"%s\"},\"serviceaccount\":{\"uid\":\"%s\"}}}"
                        .formatted(start.getEpochSecond(), end.getEpochSecond(), secret, account);
        return "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".hunter2";
    }

    /// As an API server says it of an object, and not of its kind.
    private static Reply notFound(String place) {
        var parts = List.of(place.split("/", -1));
        var status = JsonNodeFactory.instance.objectNode().put("message", "not found");
        status.put("reason", "NotFound");
        status.withObject("/details")
                .put("kind", parts.get(Math.max(0, parts.size() - 2)))
                .put("name", parts.getLast());
        return new Reply(404, status);
    }

    static Reply status(int code, String message) {
        return new Reply(code, JsonNodeFactory.instance.objectNode().put("message", message));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
