package mesh.lockstep.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.support.Program;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.TestCertificate;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;

/// The cache of classes and profiles that a JVM starts faster with, made from traffic: a peer is
/// listed and watched, policies are admitted, refused after asking, and the metrics read. Started
/// by `make build`.
final class AotRun {

    public static void main(String... parts) {
        new Program().part("write", () -> new AotRun().writesTheCache()).run(parts);
    }

    private static final Path CACHE = Path.of("target/quarkus-app/lockstep.aot").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ROUNDS = 300;

    private final Path folder = Program.folder("aot");

    private AotRun() {}

    private void writesTheCache() throws IOException {
        Files.deleteIfExists(CACHE);
        try (var _ = peer();
                var webhook = start("-XX:AOTCacheOutput=" + CACHE)) {
            awaitReady(webhook);
            for (int i = 0; i < ROUNDS; i++) {
                traffic(webhook::validate, webhook::management);
            }
            assertThat(webhook.metric("lockstep_admission_requests_total")).isPositive();
            webhook.terminate();
            webhook.exitCode();
        }
        await().atMost(PATIENCE).until(() -> Files.exists(CACHE));
    }

    private static void awaitReady(WebhookProcess webhook) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> webhook.management("/q/health/ready").statusCode() == 200);
    }

    private StubApiServer peer() throws IOException {
        var authority = TestCertificate.authority();
        var peer = new StubApiServer(authority.issueFor("127.0.0.1")).start();
        peer.policies()
                .put(
                        "ciliumnetworkpolicies",
                        "default/allow-api",
                        new String(Yaml.json(Reviews.policy(8080).path("spec")), UTF_8));
        var peers = Files.createDirectories(folder.resolve("peers"));
        Files.writeString(peers.resolve("cluster2"), Kubeconfigs.withToken(peer.url(), authority));
        return peer;
    }

    private WebhookProcess start(String option) {
        return WebhookProcess.start(
                folder,
                Map.of(
                        "JDK_JAVA_OPTIONS",
                        option,
                        "LOCKSTEP_PEERS_DIRECTORY",
                        folder.resolve("peers").toString(),
                        "LOCKSTEP_PEERS_ASK_TIMEOUT",
                        "30s"));
    }

    /// One that is admitted, one that is refused by what the peer shows when asked, one re-apply.
    /// No answer is looked at: what a busy machine makes of it decides nothing, and what does not
    /// come in time leaves less in the cache.
    private static void traffic(Consumer<byte[]> reviews, Consumer<String> pages) {
        var same = Reviews.policy(8080);
        reviews.accept(Reviews.bytes(Reviews.create(same)));
        reviews.accept(Reviews.bytes(Reviews.create(Reviews.policy(80))));
        reviews.accept(Reviews.bytes(Reviews.update(same, same)));
        pages.accept("/q/metrics");
    }
}
