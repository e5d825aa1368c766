package mesh.lockstep.admission;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import mesh.lockstep.admission.Pressure.Body;
import mesh.lockstep.admission.TurnedAway.Reason;

/// Receives what comes to port 8443, before anything else sees it: a review goes on when its whole
/// body has arrived, whether there is a place for it or not.
///
/// Beyond the bounds of what is still coming it answers 429 with `Retry-After`, upon which an API
/// server tries again for as long as it has time (`WithExponentialBackoff` of k8s.io/apiserver),
/// and then admits. What is here, and has no place, is put off by [Postponement].
@Singleton
class Reception {

    static final String REVIEWS = "/validate";
    static final int LARGEST_BODY = 7 * 1024 * 1024;

    /// However much time an API server grants: it sends a body at once.
    static final Duration LONGEST = Duration.ofSeconds(3);

    private static final int FIRST_OF_ALL = 1_000;

    /// Why a review that is here has no place.
    private static final String KEY = Reason.class.getName();

    private final Pressure pressure =
            new Pressure(
                    Pressure.PLACES, Math.max(LARGEST_BODY, Runtime.getRuntime().maxMemory() / 32));
    private final TurnedAway turnedAway;

    Reception(TurnedAway turnedAway) {
        this.turnedAway = turnedAway;
    }

    void register(@Observes Filters filters) {
        filters.register(this::receive, FIRST_OF_ALL);
    }

    /// Has to be called before a review is judged.
    ///
    /// @throws TurnedAwayException if there is no place for it
    static void admit(RoutingContext context) throws TurnedAwayException {
        if (context.get(KEY) instanceof Reason reason) {
            throw new TurnedAwayException(reason);
        }
    }

    private void receive(RoutingContext context) {
        var request = context.request();
        Guest.asks(request);
        if (!REVIEWS.equals(request.path())) {
            refuse(context, 404, "there is nothing here except " + REVIEWS);
        } else if (!request.method().equals(HttpMethod.POST)) {
            refuse(context, 405, "only POST");
        } else if (announced(request) > LARGEST_BODY) {
            refuse(context, 413, "the body is larger than two objects may be");
        } else {
            new Arrival(context).begin();
        }
    }

    private static long announced(HttpServerRequest request) {
        try {
            var length = request.getHeader("Content-Length");
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /// Whatever else the other side wanted to send.
    static void refuse(RoutingContext context, int status, String why) {
        var connection = context.request().connection();
        context.response()
                .setStatusCode(status)
                .putHeader("Connection", "close")
                .end(why + "\n")
                .onComplete(_ -> connection.close());
    }

    /// A request of which not all has come.
    private final class Arrival {

        private final RoutingContext context;
        private final Context thread;
        private final String address;
        private final Body body;
        private final Buffer read = Buffer.buffer();
        private boolean over;

        Arrival(RoutingContext context) {
            this.context = context;
            thread = context.vertx().getOrCreateContext();
            address = context.request().remoteAddress().hostAddress();
            body = new Body(address, () -> thread.runOnContext(_ -> turnAway(429, Reason.MEMORY)));
        }

        void begin() {
            var request = context.request();
            var left = GrantedTime.deadline(context).left().toMillis();
            var patience = Math.clamp(left, 1, LONGEST.toMillis());
            var timer = context.vertx().setTimer(patience, _ -> turnAway(408, Reason.LATE));
            context.addEndHandler(
                    _ -> {
                        context.vertx().cancelTimer(timer);
                        over = true;
                        pressure.leave(body);
                    });
            request.handler(this::take);
            request.endHandler(_ -> finish());
            if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
                context.response().writeContinue();
            }
            request.resume();
        }

        private void take(Buffer piece) {
            if (over) {
                return;
            }
            if (read.length() + piece.length() > LARGEST_BODY) {
                over = true;
                refuse(context, 413, "the body is larger than two objects may be");
                return;
            }
            read.appendBuffer(piece);
            pressure.arrived(body, piece.length()).forEach(Body::turnAway);
        }

        private void finish() {
            if (over) {
                return;
            }
            over = true;
            pressure.enter(body).ifPresent(reason -> context.put(KEY, reason));
            ((RoutingContextInternal) context).setBody(read);
            context.next();
        }

        private void turnAway(int status, Reason reason) {
            if (over) {
                return;
            }
            over = true;
            turnedAway.request(reason, address);
            context.response().putHeader("Retry-After", "1");
            refuse(context, status, reason.words());
        }
    }
}
