package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.peers.PeerDirectory.Contents;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.PolicyReader;

/// A process of its own, of which only the memory is of interest: follows the peers of a folder
/// until it has read them all once.
final class FirstLists {

    /// Seldom: looking is a garbage collection, and what the pages take is garbage soon.
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final double MIB = 1024 * 1024;

    private FirstLists() {}

    /// Reads them once, and says what it took.
    ///
    /// @param args the folder
    @SuppressWarnings("SystemOut") // Read by the process that started it.
    public static void main(String[] args) throws IOException, InterruptedException {
        var vertx = Vertx.vertx();
        var peers = new KubernetesPeers(Settings.quick());
        var pace = Pace.ordinary(Duration.ofSeconds(60));
        var opening =
                new PeerOpening(
                        new VertxHttpClientFactory(vertx),
                        new PolicyReader(),
                        Settings.quick(),
                        Settings.surroundings(pace, Optional::empty));
        var begun = System.nanoTime();
        try (var roster = new Roster(new ClusterName("here"), peers, opening)) {
            if (new PeerDirectory(Path.of(args[0])).scan()
                    instanceof Contents.Found(var files, _)) {
                roster.follow(files);
            }
            long most = 0;
            while (!peers.statuses().stream().allMatch(PeerStatus::up)) {
                most = Math.max(most, live());
                Thread.sleep(LOOK);
            }
            var took = (System.nanoTime() - begun) / 1e9;
            var afterwards = live();
            System.out.printf(
                    Locale.ROOT,
                    "all read after %.1f s; live heap %.1f MiB at most, %.1f MiB afterwards, ratio %.2f; resident %s at most%n",
                    took,
                    most / MIB,
                    afterwards / MIB,
                    (double) most / afterwards,
                    resident());
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static long live() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static String resident() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(it -> it.startsWith("VmHWM"))
                    .map(it -> it.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .mapToObj(kib -> (kib >> 10) + " MiB")
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
