package mesh.lockstep.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import mesh.lockstep.policy.Clean;
import org.jboss.logging.Logger;

/// Counts who is turned away, and says so in the log: at once, and then one line a minute for each
/// reason, however many they are.
@Singleton
@Unremovable
public class TurnedAway {

    private static final Logger LOG = Logger.getLogger(TurnedAway.class);

    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MAX_CAUSE = 200;

    enum Reason {
        PLACES("too many requests in progress"),
        MEMORY("the bodies of requests in progress take too much memory"),
        LATE("the body of a request did not arrive in time"),
        SILENT("closed a connection that sent no request in time"),
        CROWDED("closed a connection: there were too many"),
        PIPELINED("closed a connection that sent a request before the last was answered"),
        UNREAD("closed a connection that did not read its answer in time"),
        TLS("TLS handshake failed");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        /// The value of the metrics' label `reason`.
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final MeterRegistry metrics;
    private final Map<Reason, Line> lines = new EnumMap<>(Reason.class);

    public TurnedAway(MeterRegistry metrics) {
        this.metrics = metrics;
        for (var reason : Reason.values()) {
            lines.put(reason, new Line());
        }
    }

    /// A request that was not judged.
    void request(Reason reason, String address) {
        Counter.builder("lockstep.admission.turned.away")
                .description(
                        "Admission requests that were answered without being judged, by reason")
                .tag("reason", reason.label())
                .register(metrics)
                .increment();
        say(reason, "", address);
    }

    /// A connection that was closed.
    void connection(Reason reason, int port, String address) {
        count(reason, port);
        say(reason, " on port " + port, address);
    }

    /// A connection that came to nothing.
    void tls(int port, String address, SSLException problem) {
        count(Reason.TLS, port);
        var cause = Clean.line(String.valueOf(problem.getMessage()), MAX_CAUSE);
        say(Reason.TLS, " on port " + port + " (" + cause + ")", address);
    }

    private void count(Reason reason, int port) {
        Counter.builder("lockstep.connections.turned.away")
                .description("Connections that were closed, by port and reason")
                .tag("port", Integer.toString(port))
                .tag("reason", reason.label())
                .register(metrics)
                .increment();
    }

    private void say(Reason reason, String where, String address) {
        var times = Objects.requireNonNull(lines.get(reason)).take(System.nanoTime());
        if (times > 0) {
            LOG.warnf(
                    "Turned away %s%s: %s; %d since the last such line",
                    address, where, reason.words, times);
        }
    }

    /// One reason's place in the log.
    private static final class Line {

        private final AtomicLong unsaid = new AtomicLong();
        private final AtomicLong next = new AtomicLong(System.nanoTime());

        /// How many are to be told of now; 0: not yet.
        long take(long now) {
            unsaid.incrementAndGet();
            var due = next.get();
            return now - due >= 0 && next.compareAndSet(due, now + PAUSE.toNanos())
                    ? unsaid.getAndSet(0)
                    : 0;
        }
    }
}
