package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import mesh.lockstep.support.Caller;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody without credentials who reaches the ports of the packaged application, at the heap that
/// the Deployment gives it: an ordinary review is judged meanwhile, on a new connection and on one
/// that is kept. And that only the API server is answered where it has to identify itself.
@Tag("alone")
class StrangersIT {

    private static final String HEAD = "POST /validate HTTP/1.1\r\nHost: localhost\r\n";
    private static final byte[] REVIEW = Reviews.bytes(Reviews.create(Reviews.policy(80)));
    private static final int MEBIBYTE = 1024 * 1024;

    @TempDir Path folder;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void clientsThatAnnounceAndSendNothingTakeNothing() throws IOException {
        try (var webhook = webhook(Map.of())) {
            var kept = kept(webhook);
            for (int i = 0; i < 7; i++) {
                var half = "x".repeat(i % 2 * MEBIBYTE / 2);
                send(
                        connect(webhook),
                        HEAD + "Content-Length: " + 7 * MEBIBYTE + "\r\n\r\n" + half);
            }
            for (int i = 0; i < 256; i++) {
                send(connect(webhook), HEAD + "Content-Length: 10\r\n\r\n");
            }

            isJudged(webhook, kept);
            await().atMost(SOON)
                    .until(
                            () ->
                                    webhook.metric(
                                                    "lockstep_admission_turned_away_total{reason=\"late\"")
                                            >= 263);
            assertThat(webhook.log()).contains("the body of a request did not arrive in time");
        }
    }

    /// More than there may be: each that is new makes an older one go that never said anything.
    @Test
    void clientsThatConnectAndSayNothingCrowdNobodyOut() throws IOException {
        try (var webhook = webhook(Map.of())) {
            var kept = kept(webhook);
            for (int i = 0; i < 1_200; i++) {
                connect(webhook);
                if (i % 200 == 199) {
                    isJudged(webhook, kept);
                }
            }
            isJudged(webhook, kept);

            await().atMost(SOON)
                    .until(
                            () ->
                                    webhook.metric("lockstep_connections_turned_away_total{port=\"")
                                            >= 1_200);
            isJudged(webhook, kept);
            assertThat(webhook.log()).contains("a connection that sent no request in time");
        }
    }

    @Test
    void aClientThatSendsTwentyThousandAtOnceIsJudgedOnce() throws IOException {
        try (var webhook = webhook(Map.of())) {
            var kept = kept(webhook);
            var one = HEAD + "Content-Length: " + REVIEW.length + "\r\n\r\n" + text(REVIEW);
            var socket = connect(webhook);
            for (int i = 0; i < 200 && send(socket, one.repeat(100)); i++) {
                // Until it hangs up.
            }

            isJudged(webhook, kept);
            assertThat(webhook.metric("lockstep_admission_requests_total")).isLessThan(10);
        }
    }

    /// No streams that could be opened and reset without end.
    @Test
    void nothingButOneRequestAfterTheOtherIsOffered() throws IOException {
        try (var webhook = webhook(Map.of())) {
            var kept = kept(webhook);
            for (int i = 0; i < 50; i++) {
                var socket = connect(webhook);
                assertThat(socket.getApplicationProtocol()).isEmpty();
                send(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
            }
            isJudged(webhook, kept);
        }
    }

    @Test
    void bodiesAtThePortForOperatorsAreNotTaken() throws IOException {
        try (var webhook = webhook(Map.of())) {
            var kept = kept(webhook);
            var megabyte = "x".repeat(MEBIBYTE);
            for (int i = 0; i < 60; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), webhook.managementPort());
                sockets.add(socket);
                var head = "POST /q/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7340000";
                send(socket, head + "\r\n\r\n");
                for (int j = 0; j < 3 && send(socket, megabyte); j++) {
                    // Until it hangs up.
                }
            }

            assertThat(webhook.management("/q/health/live").statusCode()).isEqualTo(200);
            isJudged(webhook, kept);
        }
    }

    @Test
    void onlyClientsWithACertificateOfTheAuthorityAreAnswered() throws IOException {
        WebhookProcess.makeCertificates(folder);
        WebhookProcess.makeCertificates(folder, "--client");
        var others = Files.createDirectory(folder.resolve("others"));
        WebhookProcess.makeCertificates(others);
        WebhookProcess.makeCertificates(others, "--client");
        var authority = Files.copy(folder.resolve("tls/ca.crt"), folder.resolve("clients.crt"));
        var known = Caller.of(folder.resolve("tls/admission-webhooks.kubeconfig"));
        var unknown = Caller.of(others.resolve("tls/admission-webhooks.kubeconfig"));
        var settings =
                Map.of(
                        "LOCKSTEP_TLS_CLIENT_AUTHORITY",
                        authority.toString(),
                        "LOCKSTEP_TLS_READ_EVERY",
                        "1s");
        try (var webhook = webhook(settings)) {
            var port = webhook.httpsPort();
            assertThat(known.validate(port, REVIEW)).startsWith("HTTP/1.1 200");
            assertThat(unknown.validate(port, REVIEW)).isEmpty();
            assertThat(Caller.stranger().validate(port, REVIEW)).isEmpty();
            assertThat(webhook.log().lines())
                    .anyMatch(it -> it.contains("TLS handshake failed"))
                    .filteredOn(it -> it.contains("allow-api"))
                    .hasSize(1);
            assertThat(webhook.metric("lockstep_connections_turned_away_total")).isEqualTo(2);

            Files.copy(
                    others.resolve("tls/ca.crt"), authority, StandardCopyOption.REPLACE_EXISTING);

            await().atMost(SOON)
                    .until(() -> unknown.validate(port, REVIEW).startsWith("HTTP/1.1 200"));
            assertThat(known.validate(port, REVIEW)).isEmpty();
        }
    }

    @Test
    void withoutTheAuthoritysCertificateItDoesNotStart() throws IOException {
        var empty = Files.writeString(folder.resolve("clients.crt"), "none");
        var settings = Map.of("LOCKSTEP_TLS_CLIENT_AUTHORITY", empty.toString());
        try (var webhook = WebhookProcess.start(folder, settings)) {
            assertThat(webhook.exitCode()).isNotZero();
            assertThat(webhook.log()).contains("lockstep.tls.client-authority: " + empty);
        }
    }

    /// The clusters of the mesh demand a certificate, and their API servers show one, by the
    /// configuration that the documents name.
    @Test
    void anApiServerIsAnsweredAndNobodyElse() throws IOException {
        var mesh = Mesh.shared();
        var kubectl = mesh.kubectl("cluster2");
        for (var cluster : List.of("cluster1", "cluster3")) {
            mesh.kubectl(cluster).apply(policy(80));
        }
        try {
            await().atMost(SOON).until(() -> isRefused(kubectl));

            assertThat(kubectl.apply(policy(81)).err()).contains("here: 81   cluster");
            var port = mesh.cluster("cluster2").path("webhook").path("httpsPort").asInt();
            assertThat(Caller.stranger().validate(port, REVIEW)).isEmpty();
        } finally {
            for (var cluster : List.of("cluster1", "cluster2", "cluster3")) {
                mesh.kubectl(cluster).run("delete", "cnp", "known-callers", "--ignore-not-found");
            }
        }
    }

    private static boolean isRefused(Kubectl kubectl) {
        return kubectl.apply(policy(81), "--dry-run=server").err().contains("(Forbidden)");
    }

    private static String policy(int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: known-callers, namespace: default}
        spec:
          endpointSelector: {matchLabels: {app: known}}
          ingress: [{toPorts: [{ports: [{port: "%d", protocol: TCP}]}]}]
        """
                .formatted(port);
    }

    private WebhookProcess webhook(Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put("LOCKSTEP_PEERS_DIRECTORY", folder.resolve("none").toString());
        environment.put(WebhookProcess.OPTIONS, WebhookProcess.AS_IN_A_POD);
        return WebhookProcess.start(folder, environment).awaitReady();
    }

    private SSLSocket connect(WebhookProcess webhook) throws IOException {
        var socket = Caller.stranger().connect(webhook.httpsPort());
        sockets.add(socket);
        return socket;
    }

    private SSLSocket kept(WebhookProcess webhook) throws IOException {
        var kept = connect(webhook);
        isJudged(webhook, kept);
        return kept;
    }

    /// On a new connection, and on one that is kept.
    private static void isJudged(WebhookProcess webhook, SSLSocket kept) throws IOException {
        assertThat(Caller.stranger().validate(webhook.httpsPort(), REVIEW))
                .startsWith("HTTP/1.1 200");
        send(kept, HEAD + "Content-Length: " + REVIEW.length + "\r\n\r\n" + text(REVIEW));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            var letter = kept.getInputStream().read();
            assertThat(letter).as("after " + answer).isNotNegative();
            answer.append((char) letter);
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
        var length = answer.toString().replaceAll("(?si).*content-length: (\\d+).*", "$1");
        kept.getInputStream().readNBytes(Integer.parseInt(length));
    }

    /// Whether the other side has not hung up.
    private static boolean send(Socket socket, String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
