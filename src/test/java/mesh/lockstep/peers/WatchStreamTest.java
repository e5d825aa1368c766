package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import mesh.lockstep.peers.CannedClient.Canned;
import mesh.lockstep.peers.PeerApi.Opening.Opened;
import mesh.lockstep.peers.WatchEvent.Told;
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
        var opened = (Opened) api.watch(Kind.NETWORK_POLICY, "0", Duration.ofSeconds(1));

        try (var stream = opened.stream()) {
            for (var namespace : new String[] {"noisy", "quiet", "noisy"}) {
                var told = (Told.Present) stream.next(SOON, Set.of("noisy"));
                var object = new PolicyObject(Kind.NETWORK_POLICY, told.object());
                assertThat(object.namespace()).isEqualTo(namespace);
                assertThat(object.isNamed()).isTrue();
                assertThat(object.resourceVersion()).isNotEmpty();
                assertThat(object.tree().has("spec")).isEqualTo(namespace.equals("quiet"));
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
