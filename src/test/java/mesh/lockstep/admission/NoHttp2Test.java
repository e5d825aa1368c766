package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A server of Vert.x in the clear, as the management port is, behind a doorway.
class NoHttp2Test {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Vertx vertx = new VertxBuilder().findTransport(new Doors()).init().vertx();
    private final Set<Object> connections = ConcurrentHashMap.newKeySet();
    private final int port =
            vertx.createHttpServer()
                    .requestHandler(this::answer)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .actualPort();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// It asks to upgrade by default.
    @Test
    void answersTheClientOfTheJdkByOneConnection() throws Exception {
        var versions = new HashSet<HttpClient.Version>();
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"));
                var answer = client.send(request.build(), BodyHandlers.ofString());
                versions.add(answer.version());
                assertThat(answer.body()).isEqualTo("here");
            }
        }

        assertThat(versions).containsExactly(HttpClient.Version.HTTP_1_1);
        assertThat(connections).hasSize(1);
        assertThat(metrics.find("lockstep.connections.turned.away").counters()).isEmpty();
    }

    @Test
    void hangsUpOnAClientThatBeginsWithHttp2() throws IOException {
        var settings = "\0\0\0\4\0\0\0\0\0";
        // GET / on stream 1, by the static table of HPACK (RFC 7541).
        var request = "\0\0\6\1\5\0\0\0\1\u0082\u0086\u0084\u0001\u0001x";

        assertThat(ask(PREFACE + settings + request)).doesNotContain("here");
        assertThat(connections).isEmpty();
    }

    /// What comes in pieces is not something else.
    @Test
    void answersARequestThatBeginsLikeHttp2() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            var pieces = List.of("P", "UT / HTTP/1.1\r\nHost: x\r\nConnection: close\r", "\n\r\n");
            for (var piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private void answer(HttpServerRequest request) {
        Guest.asks(request);
        connections.add(request.connection());
        var _ = request.response().end("here");
    }

    private String ask(String text) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private final class Doors extends JDKTransport {
        @Override
        public void configure(
                NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            bootstrap.handler(new Doorway(4, Doorway.PATIENCE, new TurnedAway(metrics)));
        }
    }
}
