package mesh.lockstep.admission;

import io.quarkus.runtime.ImageMode;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Vigil;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/// Ready when the webhook has rehearsed and answered itself at its own port: that of the
/// management, where readiness is asked for, may listen before it. From then on it rehearses now
/// and then: whether judging works is a matter of liveness, since two replicas that are both
/// unready judge nothing at all.
@Readiness
@Singleton
class WebhookReadiness implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(WebhookReadiness.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// An executable is compiled already: one of each shows that it answers.
    private static final boolean IS_COMPILED = ImageMode.current().isNativeImage();

    /// Requests through the port: each after the first finds more of the path compiled. At most
    /// this many, and for at most that long, so that a small machine becomes ready as well.
    private static final int REQUESTS = IS_COMPILED ? 1 : 50;

    /// So that a JVM is not met cold by a crowd: what is refused late is admitted unchecked.
    private static final int REHEARSALS = IS_COMPILED ? 1 : 500;

    private static final Duration LONGEST_REHEARSAL = Duration.ofSeconds(3);

    /// Between two rehearsals, once it is ready.
    private static final Duration EVERY = Duration.ofSeconds(10);

    /// As the API server grants it.
    private static final Duration IN_TIME = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final Rehearsal rehearsal;
    private final Rehearsing rehearsing;
    private final Vigil vigil;
    private final ServedKey served;
    private volatile boolean ready;

    WebhookReadiness(
            Vertx vertx,
            AdmissionWriter writer,
            EnforcementConfig config,
            Vigil vigil,
            ServedKey served) {
        this.vertx = vertx;
        this.vigil = vigil;
        this.served = served;
        rehearsal = new Rehearsal(writer, config);
        rehearsing = new Rehearsing(rehearsal::play, EVERY, IN_TIME);
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("webhook").status(ready).build();
    }

    void https(@ObservesAsync HttpsServerStart started) {
        vigil.keep(
                Duty.REHEARSAL,
                "rehearsal",
                heartbeat -> {
                    getReady(started.options());
                    rehearsing.run(heartbeat);
                });
    }

    /// Without TLS in development and tests only.
    void http(@ObservesAsync HttpServerStart started) {
        ready = true;
        vigil.keep(Duty.REHEARSAL, "rehearsal", rehearsing);
    }

    private void getReady(HttpServerOptions server) throws InterruptedException {
        if (!ready) {
            rehearse();
            while (!answers(server)) {
                Thread.sleep(PAUSE);
            }
            ready = true;
        }
    }

    private void rehearse() {
        var begun = System.nanoTime();
        for (int i = 0; i < REHEARSALS; i++) {
            rehearsal.play();
            if (System.nanoTime() - begun > LONGEST_REHEARSAL.toNanos()) {
                return;
            }
        }
    }

    /// Asks what nobody else asks: a review without a body is answered by 400, and neither logged
    /// nor counted. Whose certificate it is does not matter: we ask the port that we opened. Where
    /// it demands one, we show our own.
    private boolean answers(HttpServerOptions server) throws InterruptedException {
        var options =
                new HttpClientOptions()
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false)
                        .setDefaultHost(reachable(server.getHost()))
                        .setDefaultPort(server.getPort());
        served.get().ifPresent(key -> options.setKeyCertOptions(KeyCertOptions.wrap(key)));
        var client = vertx.createHttpClient(options);
        var enough = Deadline.in(LONGEST_REHEARSAL);
        try {
            for (int i = 0; i == 0 || (i < REQUESTS && !enough.isPast()); i++) {
                client.request(HttpMethod.POST, "/validate")
                        .compose(request -> request.send())
                        .compose(response -> response.body())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The webhook does not answer on its own port; not ready, will retry", e);
            return false;
        } finally {
            client.close();
        }
    }

    private static String reachable(String host) {
        return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    }
}
