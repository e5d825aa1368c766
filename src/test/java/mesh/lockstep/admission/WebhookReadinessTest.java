package mesh.lockstep.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.Set;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.vigil.Vigil;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class WebhookReadinessTest {

    private static final AdmissionWriter WRITER =
            new AdmissionWriter(new Wording(Disclosure.VALUES));

    @Test
    void isNotReadyBeforeItsPortListens() {
        var vertx = Vertx.vertx();
        try {
            var readiness =
                    new WebhookReadiness(
                            vertx, WRITER, new Enforcing(), new Vigil(), new ServedKey());

            assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /// What is rehearsed is the longest way: read, judged, asked about, compared, put in words.
    @Test
    void rehearsesARefusal() {
        var answers = new Rehearsal(WRITER, new Enforcing()).play();

        assertThat(answers).hasSize(2);
        assertThat(new String(answers.getFirst(), UTF_8))
                .contains("\"allowed\":false", "rehearsal/rehearsal would differ from east");
        assertThat(new String(answers.getLast(), UTF_8))
                .contains("\"allowed\":true", "1 member still has the previous version: east");
    }

    private record Enforcing() implements EnforcementConfig {

        @Override
        public Enforcement.Labels namespaces() {
            return Enforcement.Labels.ANY;
        }

        @Override
        public Level level() {
            return Level.DENY;
        }

        @Override
        public OnUnknown unknown() {
            return OnUnknown.WARN;
        }

        @Override
        public Set<String> overrideGroups() {
            return Set.of();
        }
    }
}
