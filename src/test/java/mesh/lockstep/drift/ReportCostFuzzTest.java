package mesh.lockstep.drift;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.OwnApis;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.State;
import mesh.lockstep.support.Growth;
import mesh.lockstep.support.LogLines;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever lies where our reports lie: as it grows, so does what it costs to read it, after a
/// restart and before it is written again, and no more; and the stack that it takes does not.
@Tag("slow")
class ReportCostFuzzTest {

    /// Bytes. Ten times as many are more than an ordinary document has.
    private static final int SIZE = 20_000;

    /// The bytes of an answer, as they come.
    private static final int PIECE = 500;

    private static final ClusterName WEST = new ClusterName("west");

    /// What is said of peers that we do not know stays.
    private static final Departures NOTHING_KNOWN =
            new Departures(
                    new Found<>(List.of(), new TreeSet<>(Set.of(WEST))),
                    new Found<>(List.of(), new TreeSet<>(Set.of(WEST))));

    static Stream<byte[]> seeds() {
        return ReportFuzzTest.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void costsAsMuchAsItIsLong(byte[] report) {
        var at = Growth.place(report);
        try (var log = LogLines.captured()) {
            Growth.isBounded(SIZE, size -> reading(Growth.repeated(report, at, size)));
            Growth.isBounded(SIZE, size -> reading(grown(report, at, size)));
            assertThat(log.lines()).noneMatch(it -> it.contains("Exception"));
        }
    }

    private static byte[] grown(byte[] report, long place, int size) {
        try {
            return Yaml.json(Growth.grown(StrictJson.read(report, Keep.RULES), place, size));
        } catch (IOException e) {
            return report;
        }
    }

    private static Runnable reading(byte[] report) {
        var stored = new StoredReports(BadReports.NOW);
        var reports =
                new ReportWriter(
                        after(report),
                        new Problems(),
                        InstantSource.fixed(BadReports.NOW),
                        new Discretion(true));
        return () -> {
            BadReports.read(stored, report, PIECE);
            try {
                reports.load(() -> {});
                reports.publish(BadReports.condition(State.MISSING_THERE), Optional.empty());
                reports.publish(NOTHING_KNOWN, Collections.emptySortedMap());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
    }

    /// It has the kind, of which it lists nothing, and yet shows that twice, before each is
    /// written.
    private static OwnApi after(byte[] report) {
        var nothing = "{}".getBytes(UTF_8);
        return OwnApis.answering(PIECE, nothing, nothing, nothing, report, nothing, report);
    }
}
