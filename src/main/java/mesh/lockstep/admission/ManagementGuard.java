package mesh.lockstep.admission;

import io.netty.util.NetUtil;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before all that port 9000 answers: it is read, by names that no web page can have, and
/// what it says is for nobody but who asked.
@Singleton
class ManagementGuard {

    /// Beyond health, which is always told: each page and each scrape takes a thread and memory.
    static final int AT_ONCE = 16;

    private static final String HEALTH = "/q/health";

    /// Pages that have a style sheet and forms say their own.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    private final Set<String> hosts = new HashSet<>(Set.of("localhost"));
    private final AtomicInteger underWay = new AtomicInteger();

    ManagementGuard(WebhookConfig config) {
        config.management().hosts().orElse(Set.of()).forEach(text -> hosts.add(lowerCase(text)));
        var pod = System.getenv("HOSTNAME");
        if (pod != null) {
            hosts.add(lowerCase(pod));
        }
    }

    void guard(@Observes ManagementInterface management) {
        var router = management.router();
        withoutWhatComesFirst(router);
        router.route().order(Integer.MIN_VALUE).handler(this::admit);
    }

    /// Quarkus begins with reading whatever body comes, and with letting the pages of every origin
    /// read the answers (`VertxHttpRecorder.finalizeRouter` of 3.33). Nothing can be before it.
    private static void withoutWhatComesFirst(Router router) {
        var first = router.getRoutes().subList(0, 2);
        if (first.stream().anyMatch(route -> route.getPath() != null)) {
            throw new IllegalStateException("the management interface begins with other routes");
        }
        first.forEach(Route::disable);
    }

    private void admit(RoutingContext context) {
        var request = context.request();
        Guest.asks(request);
        if (request.version() == HttpVersion.HTTP_2) {
            request.connection().close();
        } else if (hasBody(request)) {
            Reception.refuse(context, 413, "requests to this port must not have a body");
        } else if (!List.of(HttpMethod.GET, HttpMethod.HEAD).contains(request.method())) {
            context.response().putHeader("Allow", "GET, HEAD");
            Reception.refuse(context, 405, "this port is read-only");
        } else if (!isAskedByAName(request)) {
            Reception.refuse(
                    context,
                    421,
                    "host name not allowed: use an address, localhost, the pod's name or its Service's;"
                            + " lockstep.management.hosts allows others");
        } else {
            answer(context);
        }
    }

    private void answer(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (Objects.requireNonNullElse(context.request().path(), "").startsWith(HEALTH)) {
            context.next();
            return;
        }
        if (underWay.incrementAndGet() > AT_ONCE) {
            underWay.decrementAndGet();
            context.response().putHeader("Retry-After", "1");
            Reception.refuse(context, 503, "too many requests in progress");
            return;
        }
        Guest.whenAnswered(context, underWay::decrementAndGet);
        context.next();
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null
                || (length != null && !length.equals("0"));
    }

    /// An address, `localhost`, the name of the pod or that of a Service: the name of no page that
    /// comes from elsewhere, whatever its owner lets it lead to.
    private boolean isAskedByAName(HttpServerRequest request) {
        return request.headers().getAll("Host").stream()
                .allMatch(text -> isOurs(withoutPort(text)));
    }

    private boolean isOurs(String host) {
        return hosts.contains(host)
                || NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host)
                || host.endsWith(".svc")
                || host.endsWith(".svc.cluster.local");
    }

    private static String withoutPort(String host) {
        var end = host.lastIndexOf(':');
        var name = end > host.lastIndexOf(']') ? host.substring(0, end) : host;
        return lowerCase(name);
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
