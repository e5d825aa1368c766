package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.ServedCertificate;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged application as operators meet it: settings, certificates, credentials, logs.
class WebhookIT {

    @TempDir Path folder;

    @Test
    void nonsenseInTheSettingsEndsTheStartWithAList() {
        var settings =
                Map.of(
                        "LOCKSTEP_ENFORCEMENT_LEVEL",
                        "banana",
                        "LOCKSTEP_PEERS_READY_WAIT",
                        "soon",
                        "LOCKSTEP_PEERS_ASK_TIMEOUT",
                        "-1s");

        try (var webhook = WebhookProcess.start(folder, settings)) {
            assertThat(webhook.exitCode()).isNotZero();
            assertThat(webhook.log())
                    .contains("lockstep.enforcement.level")
                    .contains("allowed values:")
                    .contains("lockstep.peers.ready-wait")
                    .contains("Invalid duration: soon");
        }
        try (var webhook =
                WebhookProcess.start(folder, Map.of("LOCKSTEP_PEERS_ASK_TIMEOUT", "-1s"))) {
            assertThat(webhook.exitCode()).isNotZero();
            assertThat(webhook.log()).contains("lockstep.peers.ask-timeout must be");
        }
    }

    /// Management may listen first: whoever trusted it would send reviews to a closed port.
    @Test
    void saysReadyWhenReviewsAreAnswered() {
        var settings = Map.of("LOCKSTEP_PEERS_DIRECTORY", folder.resolve("none").toString());
        try (var webhook = WebhookProcess.start(folder, settings)) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(1))
                    .ignoreExceptions()
                    .until(() -> webhook.management("/q/health/ready").statusCode() == 200);

            assertThat(webhook.validate(review()).statusCode()).isEqualTo(200);
            assertThat(webhook.management("/q/health/ready").asString()).contains("webhook");
        }
    }

    /// API servers go on using open connections to a pod that is being stopped. Each is answered
    /// before it is closed.
    @Test
    void servesOnForAWhileWhenItIsToldToStop() throws InterruptedException {
        var settings =
                Map.of(
                        "LOCKSTEP_PEERS_DIRECTORY",
                        folder.resolve("none").toString(),
                        "QUARKUS_SHUTDOWN_DELAY",
                        "4s");
        try (var webhook = WebhookProcess.start(folder, settings).awaitReady()) {
            webhook.validate(review());

            webhook.terminate();
            await().atMost(SOON)
                    .until(() -> webhook.management("/q/health/ready").statusCode() == 503);

            assertThat(webhook.validate(review()).statusCode()).isEqualTo(200);
            assertThat(webhook.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void aNewCertificateIsServedWithoutARestart() {
        var settings =
                Map.of(
                        "LOCKSTEP_PEERS_DIRECTORY",
                        folder.resolve("none").toString(),
                        "LOCKSTEP_TLS_READ_EVERY",
                        "1s");
        try (var webhook = WebhookProcess.start(folder, settings).awaitReady()) {
            var first = servedCertificate(webhook.httpsPort());

            WebhookProcess.makeCertificates(folder, "--renew");

            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(servedCertificate(webhook.httpsPort()))
                                            .isNotEqualTo(first));
            assertThat(webhook.validate(review()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aKubeconfigThatIsNotAcceptedCostsItsPeerAndNoOther() throws IOException {
        var mesh = Mesh.shared();
        var peers = Files.createDirectory(folder.resolve("peers"));
        var good = Mesh.path(mesh.cluster("cluster1"), "peersDirectory").resolve("cluster2");
        Files.copy(good, peers.resolve("cluster2"));
        var proof = folder.resolve("executed");
        Files.writeString(
                peers.resolve("wicked"),
                Files.readString(good)
                        .replaceFirst(
                                "token: \"?[^\\s\"]+\"?",
                                "exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [\""
                                        + proof
                                        + "\"]}"));
        Files.writeString(peers.resolve("empty"), "");

        var settings = Map.of("LOCKSTEP_PEERS_DIRECTORY", peers.toString());
        try (var webhook = WebhookProcess.start(folder, settings).awaitReady()) {
            var warnings =
                    webhook.validate(review())
                            .jsonPath()
                            .getList("response.warnings", String.class);

            assertThat(warnings)
                    .anyMatch(it -> it.contains("1 member does not have it: cluster2"))
                    .anyMatch(
                            it ->
                                    it.contains("wicked (kubeconfig refused: ")
                                            && it.contains("exec"))
                    .anyMatch(it -> it.contains("empty (kubeconfig refused: "));
            assertThat(proof).doesNotExist();
            assertThat(webhook.log()).doesNotContain(token(good));
            assertThat(webhook.management("/q/health/group/mesh").asString())
                    .contains("wicked")
                    .doesNotContain(token(good));
        }
    }

    @Test
    void eachDecisionIsOneLineOfJson() {
        var settings = Map.of("LOCKSTEP_PEERS_DIRECTORY", folder.resolve("none").toString());
        try (var webhook = WebhookProcess.start(folder, settings).awaitReady()) {
            webhook.validate(review());

            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(webhook.log().lines())
                                            .filteredOn(it -> it.contains("allow-api"))
                                            .singleElement()
                                            .asString()
                                            .startsWith("{\"timestamp\":")
                                            .contains(
                                                    "admitted CREATE CiliumNetworkPolicy"
                                                            + " default/allow-api by jane")
                                            .contains(
                                                    "\"fields\":{",
                                                    "\"decision\":\"admitted\"",
                                                    "\"policy\":\"default/allow-api\"",
                                                    "\"user\":\"jane\"",
                                                    "\"findings\":\"none\"")
                                            .doesNotContain("toPorts", "processName", "ndc"));
        }
    }

    private static byte[] review() {
        return Reviews.bytes(Reviews.create(Reviews.policy(80)));
    }

    private static String token(Path kubeconfig) throws IOException {
        return Files.readString(kubeconfig)
                .lines()
                .filter(line -> line.contains("token:"))
                .map(line -> line.replaceAll(".*token: ", "").replace("\"", ""))
                .findFirst()
                .orElseThrow();
    }

    private static BigInteger servedCertificate(int port) {
        return ServedCertificate.at(port).getSerialNumber();
    }
}
