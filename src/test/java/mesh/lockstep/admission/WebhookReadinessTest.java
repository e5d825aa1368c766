package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookReadinessTest {

    private final Vertx vertx = Vertx.vertx();
    private final WebhookReadiness readiness = new WebhookReadiness(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isNotReadyBeforeItsPortListens() {
        assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
    }
}
