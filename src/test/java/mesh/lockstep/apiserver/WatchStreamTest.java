package mesh.lockstep.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import org.junit.jupiter.api.Test;

class WatchStreamTest {

    private static final Deadline SOON = Deadline.in(Duration.ofMinutes(1));

    @Test
    void readsOfWhatIsPassedOverNoMoreThanWhatItIsOf() throws InterruptedException {
        var events = event("noisy", "1") + event("quiet", "2") + event("noisy", "3");
        var client = new CannedClient(_ -> Canned.ok(events.getBytes(UTF_8)));
        var api = new PeerApi(client, BadAnswers.SERVER, Intake.ofHeap());
        var opened = (Opened) api.watch(Kind.CILIUM_NETWORK_POLICY, "0", Duration.ofSeconds(1));

        try (var stream = opened.stream()) {
            for (var namespace : new String[] {"noisy", "quiet", "noisy"}) {
                var told = (Told.Present) stream.next(SOON, Set.of("noisy"));
                var metadata = told.object().path("metadata");
                assertThat(metadata.path("namespace").asText()).isEqualTo(namespace);
                assertThat(metadata.path("name").asText()).isNotEmpty();
                assertThat(metadata.path("resourceVersion").asText()).isNotEmpty();
                assertThat(told.object().has("spec")).isEqualTo(namespace.equals("quiet"));
            }
        }
    }

    private static String event(String namespace, String version) {
        return """
               {"type":"MODIFIED","object":{"metadata":{"namespace":"%s","name":"a","resourceVersion":"%s"},"spec":{"ingress":[]}}}
               """
                .formatted(namespace, version);
    }
}
