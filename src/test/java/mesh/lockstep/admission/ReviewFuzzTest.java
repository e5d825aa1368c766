package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.stream.Stream;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// A body is read, or said to be unreadable: nothing else happens, soon, and at a cost that grows
/// with it.
@Tag("slow")
class ReviewFuzzTest {

    private static final AdmissionReader READER = new AdmissionReader(PolicyReader::new);

    /// Bytes of memory, thrown away again or not.
    private static final long SOME = 64L * 1024 * 1024;

    private static final long EACH_BYTE = 200;

    static Stream<byte[]> seeds() {
        return BadInput.of("reviews").stream().map(BadReviews::body);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void reads(byte[] body) {
        var most = SOME + EACH_BYTE * body.length;
        Effort.within(Duration.ofSeconds(10), () -> Effort.allocating(most, () -> read(body)));
    }

    private static String read(byte[] body) {
        try {
            var request = READER.read(body);
            assertThat(request.uid()).isNotEmpty();
            return request.uid();
        } catch (UnreadableReviewException e) {
            assertThat(e.getMessage()).matches("[\\w ,.:/()-]{10,150}");
            return "";
        }
    }
}
