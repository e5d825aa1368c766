package mesh.lockstep.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// A watch tells the same events however its bytes are cut, at most one a line, and comes to an
/// end.
@Tag("slow")
public class WatchFuzzTest {

    public static Stream<byte[]> seeds() {
        return BadInput.of("answers").stream()
                .filter(it -> it.tree().has("watch"))
                .map(BadAnswers::watch);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void decodes(byte[] body) {
        var whole = decoded(body, Math.max(1, body.length));

        assertThat(whole.getLast()).isInstanceOf(Over.class);
        assertThat(whole.subList(0, whole.size() - 1))
                .hasSizeLessThanOrEqualTo(lines(body))
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .isInstanceOfSatisfying(
                                                Told.class, WatchFuzzTest::isDated));
        assertThat(decoded(body, 1 + body.length / 7)).isEqualTo(whole);
    }

    private static void isDated(Told told) {
        assertThat(told.object().path("metadata").path("resourceVersion").asText()).isNotEmpty();
    }

    private static List<WatchEvent> decoded(byte[] body, int piece) {
        var client = new CannedClient(_ -> Canned.ok(body).cut(piece));
        return Effort.within(
                Duration.ofSeconds(10),
                () -> events(new PeerApi(client, BadAnswers.SERVER, Intake.ofHeap())));
    }

    private static List<WatchEvent> events(PeerApi api) {
        var events = new ArrayList<WatchEvent>();
        var deadline = Deadline.in(Duration.ofMinutes(1));
        try {
            var opened = (Opened) api.watch(Kind.CILIUM_NETWORK_POLICY, "1", Duration.ofSeconds(1));
            try (var stream = opened.stream()) {
                while (events.isEmpty() || events.getLast() instanceof Told) {
                    events.add(stream.next(deadline));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return events;
    }

    private static int lines(byte[] body) {
        int lines = 1;
        for (var next : body) {
            lines += next == '\n' ? 1 : 0;
        }
        return lines;
    }
}
