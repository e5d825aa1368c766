package mesh.lockstep.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.support.TestCertificate;
import org.jspecify.annotations.Nullable;

/// As much of an API server as a peer sees of one: lists in pages, watches with bookmarks, reads;
/// and what may go wrong with them.
public final class StubApiServer implements AutoCloseable {

    private static final Path POLICIES = Path.of("/apis/cilium.io/v2");
    private static final String GROUPS = "ciliumcidrgroups";
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String KUBE_SYSTEM = NAMESPACES + "/kube-system";
    private static final String CONFIG = KUBE_SYSTEM + "/configmaps/cilium-config";
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=([^&]*)");

    /// For all servers together.
    private static final AtomicInteger LISTS = new AtomicInteger();

    private static final AtomicInteger MOST_LISTS = new AtomicInteger();

    private final StubPolicies policies = new StubPolicies();
    private volatile TestCertificate certificate;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile int pageSize = 500;
    private volatile boolean mute;
    private volatile @Nullable String muted;
    private volatile int retryAfter;
    private volatile boolean pagesExpire;
    private volatile boolean showsNamespaces;
    private volatile String token = Kubeconfigs.TOKEN;
    private volatile String uid = UUID.randomUUID().toString();
    private volatile boolean namesFlowSchema = true;
    private volatile int port;
    private @Nullable HttpsServer server;

    private record Reply(int code, String body) {}

    public StubApiServer(TestCertificate certificate) {
        this.certificate = certificate;
    }

    /// Always on the port of the first time.
    public StubApiServer start() {
        try {
            var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            var started = HttpsServer.create(address, 0);
            started.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
            started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            started.createContext("/", this::handle);
            started.start();
            port = started.getAddress().getPort();
            server = started;
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public void stop() {
        breakWatches();
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    @Override
    public void close() {
        mute(false);
        unmute();
        stop();
    }

    public StubPolicies policies() {
        return policies;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /// From now on.
    ///
    /// @param verb `list`, `watch`, `get`, `identify`, which is reading the namespace
    ///   `kube-system`, `configure`, which is reading Cilium's settings, `group`, which is listing
    ///   CIDR groups, or `namespaces`, `watch-namespaces` and `namespace`, which is reading one
    public void answer(String verb, int code) {
        answer(verb, code, status(code, "", ""));
    }

    public void answer(String verb, int code, String body) {
        replies.put(verb, new Reply(code, body));
    }

    /// Too busy, and wants to be left alone for some seconds.
    public void answerBusy(String verb, int seconds) {
        retryAfter = seconds;
        answer(verb, 429);
    }

    public void answerAsUsual(String verb) {
        retryAfter = 0;
        replies.remove(verb);
    }

    public void pageSize(int size) {
        pageSize = size;
    }

    /// From now on, another cluster answers here.
    public void uid(String other) {
        uid = other;
    }

    public String uid() {
        return uid;
    }

    /// Whether its answers name their flow schema, which is another one in another cluster.
    public void namesFlowSchema(boolean on) {
        namesFlowSchema = on;
    }

    /// Restarts with another certificate.
    public void certify(TestCertificate other) {
        stop();
        certificate = other;
        start();
    }

    /// Whether later pages of a list have expired when they are asked for.
    public void pagesExpire(boolean on) {
        pagesExpire = on;
    }

    /// The one token that is accepted.
    public void token(String only) {
        token = only;
    }

    /// Whether namespaces may be listed and watched: those that were put in place of the policies.
    public void showNamespaces(boolean on) {
        showsNamespaces = on;
    }

    public static void forgetMostLists() {
        MOST_LISTS.set(0);
    }

    /// How many lists were in progress at the same time, at all servers together.
    public static int mostLists() {
        return MOST_LISTS.get();
    }

    public void breakWatches() {
        breaks.incrementAndGet();
        policies.wake();
    }

    /// Takes every request and says nothing, on open watches neither.
    public void mute(boolean on) {
        mute = on;
        policies.wake();
    }

    /// Takes requests with this verb and says nothing; all others are answered.
    public void mute(String verb) {
        muted = verb;
    }

    public void unmute() {
        muted = null;
        policies.wake();
    }

    public long count(String verb) {
        return requests.stream().filter(verb::equals).count();
    }

    /// For all kinds.
    public int requests() {
        return requests.size();
    }

    /// How many connections were opened.
    public int connections() {
        return connections.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            var whole = exchange.getRequestURI().getPath();
            var path = POLICIES.relativize(Path.of(whole));
            var query = query(exchange);
            var verb = verb(whole, path, query);
            requests.add(verb);
            connections.add(exchange.getRemoteAddress().getPort());
            while (mute || verb.equals(muted)) {
                policies.awaitChange(policies.version());
            }
            if (namesFlowSchema && isKnown(exchange)) {
                exchange.getResponseHeaders()
                        .add(
                                "X-Kubernetes-Pf-Flowschema-Uid",
                                UUID.nameUUIDFromBytes(uid.getBytes(StandardCharsets.UTF_8))
                                        .toString());
            }
            var reply = isKnown(exchange) ? replies.get(verb) : new Reply(401, "Unauthorized");
            if (reply != null) {
                exchange.getResponseHeaders().add("Location", url() + POLICIES + "/elsewhere");
                if (retryAfter > 0) {
                    exchange.getResponseHeaders().add("Retry-After", "" + retryAfter);
                }
                send(exchange, reply.code(), reply.body());
                return;
            }
            switch (verb) {
                case "identify" -> send(exchange, 200, "{\"metadata\":{\"uid\":\"" + uid + "\"}}");
                case "get" -> get(exchange, path);
                case "configure", "describe" -> send(exchange, 404, status(404, "", ""));
                case "group", "group-v2alpha1" -> send(exchange, 200, groups(query));
                case "watch" -> watch(exchange, path.toString(), query);
                case "namespaces" -> list(exchange, verb, query);
                case "watch-namespaces" -> watch(exchange, "namespaces", query);
                case "namespace" -> namespace(exchange, path.getFileName().toString());
                default -> list(exchange, path.toString(), query);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void list(HttpExchange exchange, String plural, Map<String, String> query)
            throws IOException {
        MOST_LISTS.accumulateAndGet(LISTS.incrementAndGet(), Math::max);
        try {
            if (query.containsKey("continue") && pagesExpire) {
                send(exchange, 410, status(410, "", ""));
            } else {
                send(exchange, 200, page(plural, query));
            }
        } finally {
            LISTS.decrementAndGet();
        }
    }

    /// An empty list is a null, not a list.
    private String groups(Map<String, String> query) {
        return page(GROUPS, query).replace("\"items\":[]", "\"items\":null");
    }

    private String page(String plural, Map<String, String> query) {
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int size = Math.min(pageSize, Integer.parseInt(query.get("limit")));
        return policies.page(plural, from, size);
    }

    private String verb(String whole, Path path, Map<String, String> query) {
        if (whole.equals(NAMESPACES) && showsNamespaces) {
            return query.containsKey("watch") ? "watch-namespaces" : "namespaces";
        }
        if (whole.equals(KUBE_SYSTEM)) {
            return "identify";
        }
        if (whole.equals(CONFIG)) {
            return "configure";
        }
        if (whole.equals(POLICIES + "/" + GROUPS)) {
            return "group";
        }
        if (whole.equals(POLICIES + "alpha1/" + GROUPS)) {
            return "group-v2alpha1";
        }
        if (whole.startsWith(NAMESPACES + "/") && showsNamespaces) {
            return "namespace";
        }
        if (!whole.startsWith(POLICIES + "/")) {
            return "describe";
        }
        return path.getNameCount() > 1 ? "get" : query.containsKey("watch") ? "watch" : "list";
    }

    private boolean isKnown(HttpExchange exchange) {
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        return ("Bearer " + token).equals(authorization);
    }

    private void get(HttpExchange exchange, Path path) throws IOException {
        var namespaced = path.startsWith("namespaces");
        var plural = path.getName(namespaced ? 2 : 0).toString();
        var name = path.getFileName().toString();
        var found = policies.find(plural, namespaced ? path.getName(1) + "/" + name : name);
        send(exchange, found.isPresent() ? 200 : 404, found.orElse(status(404, plural, name)));
    }

    private void namespace(HttpExchange exchange, String name) throws IOException {
        var found = policies.find("namespaces", name);
        send(
                exchange,
                found.isPresent() ? 200 : 404,
                found.orElse(status(404, "namespaces", name)));
    }

    private void watch(HttpExchange exchange, String plural, Map<String, String> query)
            throws IOException, InterruptedException {
        var body = exchange.getResponseBody();
        exchange.sendResponseHeaders(200, 0);
        body.flush();
        int broken = breaks.get();
        int told = Integer.parseInt(query.getOrDefault("resourceVersion", ""));
        long seconds = Long.parseLong(query.getOrDefault("timeoutSeconds", ""));
        var end = Deadline.in(Duration.ofSeconds(seconds));
        while (mute || (!end.isPast() && !policies.hasForgotten(told))) {
            if (breaks.get() != broken) {
                // The server closes the connection without an end of the body.
                throw new IOException("broken on purpose");
            }
            if (!mute) {
                var events = policies.events(plural, told);
                body.write(events.lines().getBytes(StandardCharsets.UTF_8));
                body.flush();
                told = events.version();
            }
            policies.awaitChange(told);
        }
        var last =
                policies.hasForgotten(told)
                        ? StubPolicies.line("ERROR", status(410, "", ""))
                        : StubPolicies.bookmark(told);
        body.write(last.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String status(int code, String plural, String name) {
        return """
        {"kind":"Status","status":"Failure","reason":"%s","code":%d,
         "details":{"name":"%s","group":"cilium.io","kind":"%s"}}"""
                .formatted(code == 404 ? "NotFound" : "Other", code, name, plural)
                .replace("\n", "");
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = exchange.getRequestURI().getQuery();
        return PARAMETER
                .matcher(query == null ? "" : query)
                .results()
                .collect(Collectors.toMap(it -> it.group(1), it -> it.group(2)));
    }
}
