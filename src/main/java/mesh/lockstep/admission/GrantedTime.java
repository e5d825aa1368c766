package mesh.lockstep.admission;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import mesh.lockstep.policy.Deadline;
import org.jspecify.annotations.Nullable;

/// The time that the API server grants for an answer: `?timeout=3s` in its request, a Go duration,
/// in whole seconds and rounded up (`ResourceRequest` of k8s.io/apiserver). It runs from the moment
/// in which the head of the request is here, and ends when nobody waits for the answer any more. As
/// with an API server's own requests, none at all is said by `0s` (`WithRequestDeadline` of
/// k8s.io/apiserver).
@Singleton
class GrantedTime {

    /// What our webhook configuration says, for requests that do not say.
    private static final Duration DEFAULT = Duration.ofSeconds(3);

    /// `timeoutSeconds` is 30 at most.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /// This fraction is kept back: for the way here, which counts as well, for writing the answer,
    /// and for the way back.
    private static final int MARGIN = 6;

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,2})(?:\\.(\\d{1,3})\\d*)?s");
    private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,5})ms");

    /// Before whatever may take time or turn a request away.
    private static final int FIRST_OF_ALL = 2_000;

    private static final String KEY = Deadline.class.getName();

    void register(@Observes Filters filters) {
        filters.register(GrantedTime::begin, FIRST_OF_ALL);
    }

    private static void begin(RoutingContext context) {
        var over = new AtomicBoolean();
        context.addEndHandler(_ -> over.set(true));
        var granted = of(context.request().getParam("timeout"));
        context.put(KEY, Deadline.in(withoutMargin(granted)).orOnce(over::get));
        context.next();
    }

    /// By when a request is to be answered; past when its answer is written, and when its
    /// connection or stream was closed.
    static Deadline deadline(RoutingContext context) {
        return Objects.requireNonNull(context.get(KEY));
    }

    static Duration withoutMargin(Duration granted) {
        return granted.minus(granted.dividedBy(MARGIN));
    }

    static Duration of(@Nullable String timeout) {
        if (timeout == null) {
            return DEFAULT;
        }
        var seconds = SECONDS.matcher(timeout);
        if (seconds.matches()) {
            var fraction = seconds.group(2) == null ? "" : seconds.group(2);
            var millis = Long.parseLong((fraction + "000").substring(0, 3));
            return bounded(Duration.ofSeconds(Long.parseLong(seconds.group(1))).plusMillis(millis));
        }
        var milliseconds = MILLISECONDS.matcher(timeout);
        return milliseconds.matches()
                ? bounded(Duration.ofMillis(Long.parseLong(milliseconds.group(1))))
                : DEFAULT;
    }

    private static Duration bounded(Duration duration) {
        if (duration.isZero()) {
            return DEFAULT;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
