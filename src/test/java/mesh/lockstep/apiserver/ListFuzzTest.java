package mesh.lockstep.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// A page of a list is the same however its bytes are cut, and costs no more than its length is
/// worth.
@Tag("slow")
class ListFuzzTest {

    /// Bytes of memory, thrown away again or not.
    private static final long SOME = 64L * 1024 * 1024;

    private static final long EACH_BYTE = 200;

    static Stream<byte[]> seeds() {
        return BadInput.of("answers").stream()
                .filter(it -> it.tree().has("list"))
                .map(BadAnswers::list);
    }

    private record Read(Answer answer, List<JsonNode> items) {}

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void lists(byte[] body) {
        var whole = listed(body, Math.max(1, body.length));

        assertThat(listed(body, 1 + body.length / 7)).isEqualTo(whole);
    }

    private static Read listed(byte[] body, int piece) {
        var client = new CannedClient(_ -> Canned.ok(body).cut(piece));
        var api = new PeerApi(client, BadAnswers.SERVER, Intake.ofHeap());
        var most = SOME + EACH_BYTE * body.length;
        return Effort.within(
                Duration.ofSeconds(10), () -> Effort.allocating(most, () -> listed(api)));
    }

    private static Read listed(PeerApi api) {
        var items = new ArrayList<JsonNode>();
        try {
            var until = Deadline.in(Duration.ofMinutes(1));
            return new Read(api.list(Kind.CILIUM_NETWORK_POLICY, "", until, items::add), items);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
