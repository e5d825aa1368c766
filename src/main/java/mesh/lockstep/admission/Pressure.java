package mesh.lockstep.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/// Keeps what is under way within bounds: requests, and the bytes of their bodies, which as trees
/// take many times the memory. Beyond, it answers 429 with `Retry-After`, upon which an API server
/// tries again for as long as it has time (`WithExponentialBackoff` of k8s.io/apiserver).
@Singleton
class Pressure {

    /// An API server has at most 200 changes under way by default
    /// (`--max-mutating-requests-inflight`).
    static final int REQUESTS = 256;

    static final long LARGEST_BODY = 7L * 1024 * 1024;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_OF_ALL = 1_000;

    /// No API server waits longer (`timeoutSeconds` is 30 at most).
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final long mostBytes = Math.max(LARGEST_BODY, Runtime.getRuntime().maxMemory() / 32);
    private final Counter turnedAway;
    private int requests;
    private long bytes;

    Pressure(MeterRegistry metrics) {
        turnedAway =
                Counter.builder("lockstep.admission.turned.away")
                        .description("Admission requests answered with 429")
                        .register(metrics);
    }

    void register(@Observes Filters filters) {
        filters.register(this::limit, FIRST_OF_ALL);
    }

    private void limit(RoutingContext context) {
        var request = context.request();
        long length = length(request);
        if (!enter(length)) {
            turnedAway.increment();
            request.resume();
            context.response()
                    .setStatusCode(TOO_MANY_REQUESTS)
                    .putHeader("Retry-After", "1")
                    .end("too many requests under way\n");
            return;
        }
        // Whoever sends its body byte by byte keeps a place no longer than an honest one.
        long timer =
                context.vertx().setTimer(LONGEST.toMillis(), _ -> request.connection().close());
        context.addEndHandler(
                _ -> {
                    context.vertx().cancelTimer(timer);
                    leave(length);
                });
        context.next();
    }

    /// As announced; of a body that comes in chunks, the most that it may have.
    private static long length(HttpServerRequest request) {
        try {
            var announced = request.getHeader("Content-Length");
            return announced == null
                    ? LARGEST_BODY
                    : Math.clamp(Long.parseLong(announced), 0, LARGEST_BODY);
        } catch (NumberFormatException e) {
            return LARGEST_BODY;
        }
    }

    private synchronized boolean enter(long length) {
        if (requests >= REQUESTS || bytes + length > mostBytes) {
            return false;
        }
        requests++;
        bytes += length;
        return true;
    }

    private synchronized void leave(long length) {
        requests--;
        bytes -= length;
    }
}
