package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.ReadingRoom;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.Version;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fifty of the largest policies that etcd takes at once, of every kind that multiplies: they are
/// read with the heap that the Deployment has, a few at a time.
@Tag("slow")
class PolicyMemoryTest {

    /// Half of the memory that the Deployment allows.
    private static final String HEAP = "-Xmx256m";

    private static final int READERS = 50;

    /// The part of the heap that trees may take, for peers as for this cluster's API server.
    private static final int PART = 8;

    @Test
    void isNeverUsedUp(@TempDir Path folder) throws IOException, InterruptedException {
        var said = folder.resolve("said").toFile();
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                HEAP,
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Reading.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(said)
                        .start();

        assertThat(process.waitFor()).as(Files.readString(said.toPath())).isZero();
        assertThat(said).content().contains("all are read");
    }

    /// Reads each of the policies, many at once.
    static final class Reading {

        private static final ReadingRoom OURS = ReadingRoom.ofHeap(PART);
        private static final ReadingRoom THEIRS = ReadingRoom.ofHeap(PART);

        private Reading() {}

        public static void main(String[] args) throws Exception {
            var policies = List.copyOf(HostilePolicies.products().entrySet());
            try (var readers = Executors.newFixedThreadPool(READERS)) {
                var all =
                        IntStream.range(0, READERS)
                                .mapToObj(
                                        it -> {
                                            var room = it % 2 == 0 ? OURS : THEIRS;
                                            var policy = policies.get(it / 2 % policies.size());
                                            return readers.submit(() -> read(room, policy));
                                        })
                                .toList();
                for (var one : all) {
                    one.get();
                }
            }
            System.out.println("all are read");
        }

        private static ReadingRoom.Seat seat(ReadingRoom room) throws InterruptedException {
            var worst = ReadingRoom.worst(HostilePolicies.LARGEST, 1);
            return room.tryEnter(worst, Deadline.in(Duration.ofMinutes(10))).orElseThrow();
        }

        private static Version read(ReadingRoom room, Map.Entry<String, IntFunction<String>> policy)
                throws Exception {
            try (var _ = seat(room)) {
                System.out.println(policy.getKey());
                var spec = policy.getValue().apply(HostilePolicies.LARGEST);
                var json = "{\"spec\":" + spec + "}";
                var tree = StrictJson.read(json.getBytes(StandardCharsets.UTF_8), Keep.POLICY);
                return new PolicyReader().read(Policies.KEY, tree).version();
            }
        }
    }
}
