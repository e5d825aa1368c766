package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mesh.lockstep.support.Footprint;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;

/// The packaged webhook, whose peers and policies come and go each second for a long time while it
/// judges: nothing of it may grow. Started by `make flapping`, which takes `MINUTES`.
final class FlappingRun {

    public static void main(String... parts) {
        new Program().part("flapping", () -> new FlappingRun().nothingGrows()).run(parts);
    }

    private static final int PEERS = 20;
    private static final int LOOKS = 10;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration BETWEEN_REVIEWS = Duration.ofSeconds(1);

    /// By how many threads and sockets two looks may differ. A peer that left one behind would
    /// leave it every few seconds.
    private static final int SOME = 15;

    private final Path folder = Program.folder("flapping");

    private FlappingRun() {}

    private void nothingGrows() throws IOException, InterruptedException {
        var minutes = Double.parseDouble(System.getProperty("flapping.minutes", "30"));
        var part = Duration.ofSeconds(Math.round(60 * minutes / LOOKS));
        var files = Files.createDirectory(folder.resolve("peers"));
        try (var mesh = new FlappingMesh(files, PEERS);
                var webhook = start(mesh, files)) {
            awaitAll(webhook);
            // What is made once, is made in the first part.
            var first = look(mesh, webhook, part);
            for (int look = 2; look <= LOOKS; look++) {
                var now = look(mesh, webhook, part);
                assertThat(now.threads()).isLessThan(first.threads() + SOME);
                assertThat(now.sockets()).isLessThan(first.sockets() + SOME);
                assertThat(now.resident()).isLessThan(first.resident() * 5 / 4);
                if (first.live().isPresent()) {
                    assertThat(now.virtualThreads().orElseThrow())
                            .isLessThan(first.virtualThreads().orElseThrow() + SOME);
                    assertThat(now.live().orElseThrow())
                            .isLessThan(first.live().orElseThrow() * 11 / 10);
                }
            }
        }
    }

    private WebhookProcess start(FlappingMesh mesh, Path files) throws IOException {
        var own = Files.writeString(folder.resolve("own"), mesh.own().kubeconfig());
        return WebhookProcess.start(
                folder,
                Map.of(
                        "KUBECONFIG",
                        own.toString(),
                        "LOCKSTEP_PEERS_DIRECTORY",
                        files.toString(),
                        WebhookProcess.OPTIONS,
                        WebhookProcess.AS_IN_A_POD));
    }

    /// When all are there again: what is compared should not depend on the second.
    private static Footprint look(FlappingMesh mesh, WebhookProcess webhook, Duration part)
            throws IOException, InterruptedException {
        var used = webhook.processorTime();
        var over = new AtomicBoolean();
        var reviews = Thread.ofVirtual().start(() -> review(mesh, webhook, over));
        mesh.flap(part);
        over.set(true);
        reviews.join();
        awaitAll(webhook);
        var now = Footprint.of(webhook.handle());
        report(mesh.steps(), now, webhook.processorTime().minus(used).dividedBy(part.toSeconds()));
        return now;
    }

    /// One that some have, and one that nobody has: memory is enough for the first, the second is
    /// refused by who can be asked.
    private static void review(FlappingMesh mesh, WebhookProcess webhook, AtomicBoolean over) {
        try {
            while (!over.get()) {
                for (int port : new int[] {8080, 9090}) {
                    var review = Reviews.bytes(Reviews.create(mesh.newest(port)));
                    assertThat(webhook.validate(review).statusCode()).isEqualTo(200);
                    Thread.sleep(BETWEEN_REVIEWS);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitAll(WebhookProcess webhook) {
        await().atMost(LONG).ignoreExceptions().until(() -> inSync(webhook) == PEERS);
    }

    private static long inSync(WebhookProcess webhook) {
        return webhook.management("/q/metrics")
                .asString()
                .lines()
                .filter(it -> it.startsWith("lockstep_peer_up{") && it.endsWith(" 1.0"))
                .count();
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void report(int steps, Footprint now, Duration used) {
        System.out.printf(
                Locale.ROOT,
                "flapping: after %d steps of a second: %s; %d ms of a processor each second%n",
                steps,
                now,
                used.toMillis());
    }
}
