package mesh.lockstep.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.vigil.Vigil;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class WebhookReadinessTest {

    private static final AdmissionReader READER = new AdmissionReader(PolicyReader::new);
    private static final AdmissionWriter WRITER =
            new AdmissionWriter(new Wording(Disclosure.VALUES));

    @Test
    void isNotReadyBeforeItsPortListens() {
        var vertx = Vertx.vertx();
        try {
            var readiness =
                    new WebhookReadiness(vertx, READER, WRITER, new Vigil(), new ServedKey());

            assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void rehearsesWhatNobodyIsToldOf() {
        var answer = new String(new Rehearsal(READER, WRITER).play(), UTF_8);

        assertThat(answer).contains("\"uid\":\"rehearsal\"", "\"allowed\":true");
    }
}
