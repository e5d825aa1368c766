package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever lies where our reports lie is read the same way however its bytes are cut, within
/// bounds, and triggers no bug of ours.
@Tag("slow")
class ReportFuzzTest {

    /// Bytes of memory, thrown away again or not.
    private static final long SOME = 64L * 1024 * 1024;

    private static final long EACH_BYTE = 200;

    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    static Stream<byte[]> seeds() {
        return BadInput.of("reports").stream().map(BadReports::report);
    }

    private record Read(boolean all, Set<PolicyKey> keys, List<Condition> conditions) {}

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void reads(byte[] report) {
        try (var log = LogLines.captured()) {
            var whole = read(report, report.length + 100);

            assertThat(read(report, 1 + report.length / 7)).isEqualTo(whole);
            assertThat(whole.conditions()).allSatisfy(it -> canBe(it, whole.keys()));
            assertThat(log.lines()).isEmpty();
        }
    }

    private static void canBe(Condition condition, Set<PolicyKey> keys) {
        assertThat(keys).contains(condition.key());
        assertThat(condition.relations()).hasSizeLessThanOrEqualTo(511);
        assertThat(condition.relations().values())
                .flatExtracting(it -> it.firstSeen().stream().toList())
                .allSatisfy(it -> assertThat(it).isBetween(EARLIEST, BadReports.NOW));
    }

    private static Read read(byte[] report, int piece) {
        var most = SOME + EACH_BYTE * report.length;
        return Effort.within(
                Duration.ofSeconds(10),
                () -> Effort.allocating(most, () -> readWithin(report, piece)));
    }

    private static Read readWithin(byte[] report, int piece) {
        var stored = new StoredReports(BadReports.NOW);
        var unread = BadReports.read(stored, report, piece);
        return new Read(unread.isEmpty(), stored.keys(), stored.conditions());
    }
}
