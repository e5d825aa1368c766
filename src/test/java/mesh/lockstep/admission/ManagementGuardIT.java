package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What port 9000 does not let anybody do: a stranger nearby, and a web page in the browser of
/// whoever forwards the port.
@Tag("alone")
@QuarkusTest
class ManagementGuardIT {

    private static final String PEERS = "GET /mesh/peers HTTP/1.1\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/mesh/peers", "/q/metrics", "/nothing"})
    void acceptsNoBody(String path) throws IOException {
        for (var method : new String[] {"POST", "GET", "PUT"}) {
            var begin = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";

            assertThat(ask(begin + "Content-Length: 7340000\r\n\r\n" + "x".repeat(100_000)))
                    .startsWith("HTTP/1.1 413");
            assertThat(ask(begin + "Transfer-Encoding: chunked\r\n\r\n10000\r\n"))
                    .startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void isOnlyRead() throws IOException {
        assertThat(ask("POST /q/health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/mesh", "/mesh/peers", "/mesh/policies", "/q/health/live", "/q/metrics"})
    void letsNoPageOfAnotherOriginRead(String path) throws IOException {
        var host =
                " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: http://evil.test\r\n";

        assertThat(ask("GET " + path + host + "\r\n"))
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("access-control")
                .containsIgnoringCase("content-security-policy: default-src 'none'")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .containsIgnoringCase("cross-origin-resource-policy: same-origin")
                .containsIgnoringCase("cache-control: no-store");
        assertThat(ask("OPTIONS " + path + host + "Access-Control-Request-Method: GET\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .doesNotContainIgnoringCase("access-control");
    }

    /// Somebody's page may have its own name lead to this port: the browser then takes both for
    /// one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.test",
                "evil.test:9000",
                "localhost.evil.test",
                "127.0.0.1.evil.test",
                "svc",
                "[::1].evil.test",
                "localhost\r\nHost: evil.test"
            })
    void isNotAskedByAnyName(String host) throws IOException {
        assertThat(ask(PEERS + "Host: " + host + "\r\nConnection: close\r\n\r\n"))
                .containsPattern("^HTTP/1.1 (400|421) ")
                .doesNotContain("cluster1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9000",
                "127.0.0.1:9000",
                "10.1.2.3",
                "[::1]:9000",
                "[fd00::1]",
                "lockstep-metrics.lockstep.svc:9000",
                "lockstep-metrics.lockstep.svc.cluster.local"
            })
    void isAskedByAddressesAndNamesOfTheCluster(String host) throws IOException {
        assertThat(ask(PEERS + "Host: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void speaksNoOtherProtocol() throws IOException {
        assertThat(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0" + requestFrame()))
                .doesNotContain("HTTP/1.1 200");
    }

    /// As the JDK's client does by default.
    @Test
    void answersARequestToUpgradeWithHttp1() throws Exception {
        var port =
                ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        var live = URI.create("http://127.0.0.1:" + port + "/q/health/live");
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 2; i++) {
                var answer =
                        client.send(HttpRequest.newBuilder(live).build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            }
        }
    }

    /// `GET /mesh/peers` on stream 1, by the static table of HPACK (RFC 7541).
    private static String requestFrame() {
        var path = "/mesh/peers";
        var headers = "\u0082\u0086\u0004" + (char) path.length() + path + "\u0001\u0001x";
        return "\0\0" + (char) headers.length() + "\1\5\0\0\0\1" + headers;
    }

    private static String ask(String text) throws IOException {
        var port =
                ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            } catch (SocketException e) {
                // It hung up before all was sent.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
