package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.BadAnswers;
import mesh.lockstep.apiserver.CannedClient;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.apiserver.WatchFuzzTest;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.support.Growth;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a watch sends: as it grows, so does what it costs to follow the peer, and no more; and
/// the stack that it takes does not. Nothing of it triggers a bug of ours.
@Tag("slow")
class WatchCostFuzzTest {

    /// Bytes. Ten times as many are more than an ordinary document has.
    private static final int SIZE = 20_000;

    /// The bytes of the body, as they come.
    private static final int PIECE = 500;

    private static final Pace PACE =
            new Pace(
                    Duration.ofMinutes(1),
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    Duration.ofHours(1));

    static Stream<byte[]> seeds() {
        return WatchFuzzTest.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void costsAsMuchAsItIsLong(byte[] body) {
        var at = Growth.place(body);
        try (var log = LogLines.captured()) {
            Growth.isBounded(SIZE, size -> following(Growth.repeated(body, at, size)));
            assertThat(log.lines()).isEmpty();
        }
    }

    /// Lists, follows one watch to its end, and stops before the next.
    private static Runnable following(byte[] events) {
        var api = new PeerApi(new CannedClient(server(events)), BadAnswers.SERVER, Intake.ofHeap());
        var surroundings = Settings.surroundings(PACE, Optional::empty);
        var watch =
                new PolicyWatch(
                        new ClusterName("east"),
                        api,
                        new Identity(api, Optional::empty),
                        Kind.CILIUM_NETWORK_POLICY,
                        new Digesting(new PolicyReader(), surroundings.pool(), false),
                        surroundings.turns().visitor(),
                        _ -> false,
                        surroundings);
        return () -> {
            try {
                watch.run(() -> {});
            } catch (InterruptedException e) {
                assertThat(watch.freshness().synced()).isTrue();
            }
        };
    }

    private static Function<HttpRequest, Canned> server(byte[] events) {
        var good = BadAnswers.good();
        var watches = new AtomicInteger();
        return request -> {
            if (!BadAnswers.isWatch(request)) {
                if (watches.get() > 0) {
                    Thread.currentThread().interrupt();
                }
                return good.apply(request);
            }
            watches.incrementAndGet();
            return Canned.ok(events).cut(PIECE);
        };
    }
}
