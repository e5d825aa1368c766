package mesh.lockstep.admission;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever others send or do not send, an ordinary review is judged meanwhile.
@Tag("alone")
@QuarkusTest
class ReceptionIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String HEAD = "POST /validate HTTP/1.1\r\nHost: localhost\r\n";
    private static final byte[] REVIEW = Reviews.bytes(Reviews.create(Reviews.policy(80)));

    @Inject FakePeers peers;
    @Inject MeterRegistry metrics;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void forget() {
        peers.forget();
    }

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void whatIsAnnouncedAndNotSentTakesNoPlace() throws IOException {
        for (int i = 0; i <= Pressure.PLACES; i++) {
            open(HEAD + "Content-Length: 10\r\n\r\n");
        }
        isJudged();
    }

    @Test
    void whatIsAnnouncedAndNotSentTakesNoMemory() throws IOException {
        for (long i = 0; i <= memory() / Reception.LARGEST_BODY; i++) {
            open(HEAD + "Content-Length: " + Reception.LARGEST_BODY + "\r\n\r\n");
            open(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        }
        isJudged();
    }

    /// Each of them sends all but the last byte.
    @Test
    void turnsAwayTheLargestBodiesBeforeTheyFillTheMemory() throws IOException {
        var before = turnedAway("memory");
        var unfinished =
                HEAD
                        + "Content-Length: "
                        + Reception.LARGEST_BODY
                        + "\r\n\r\n"
                        + "x".repeat(Reception.LARGEST_BODY - 1);
        for (long i = 0; i <= memory() / Reception.LARGEST_BODY; i++) {
            open(unfinished);
        }

        isJudged();
        // Of the bodies that came slowly, the first are dropped before the last has come.
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            open(unfinished);
                            return turnedAway("memory") > before;
                        });
    }

    @Test
    void waitsForABodyNoLongerThanTheApiServerWould() throws IOException {
        var socket = open(HEAD + "Content-Length: 1000\r\n\r\nx");

        assertThat(answer(socket))
                .startsWith("HTTP/1.1 408")
                .endsWith("the body of a request did not arrive in time\n");
    }

    @Test
    void waitsForABodyNoLongerThanTheApiServerSays() throws IOException {
        var head = HEAD.replace("/validate", "/validate?timeout=10ms");

        assertThat(answer(open(head + "Content-Length: 1000\r\n\r\nx"))).startsWith("HTTP/1.1 408");
    }

    @Test
    void judgesOneAtATimeOfThoseThatOneConnectionSends() throws IOException {
        var judged = judged();
        var pipelined = sum("lockstep.connections.turned.away", "reason", "pipelined");
        var one =
                HEAD
                        + "Content-Length: "
                        + REVIEW.length
                        + "\r\n\r\n"
                        + new String(REVIEW, StandardCharsets.UTF_8);
        var socket = open("");

        // Without reading an answer.
        try {
            for (int i = 0; i < 20_000; i++) {
                send(socket, one);
            }
        } catch (SocketException e) {
            // It hung up.
        }

        isJudged();
        assertThat(judged() - judged).isLessThan(10);
        assertThat(sum("lockstep.connections.turned.away", "reason", "pipelined"))
                .isGreaterThan(pipelined);
    }

    @Test
    void answersOneAfterTheOtherOnAConnectionThatIsKept() throws IOException {
        var socket = open("");
        for (int i = 0; i < 3; i++) {
            send(socket, HEAD + "Content-Length: " + REVIEW.length + "\r\n\r\n");
            send(socket, new String(REVIEW, StandardCharsets.UTF_8));
            assertThat(head(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void hasNothingElseAtThisPort() throws IOException {
        var large = "Content-Length: 7000000\r\n\r\n";

        assertThat(answer(open(HEAD.replace("/validate", "/q/health") + large)))
                .startsWith("HTTP/1.1 404");
        assertThat(answer(open(HEAD.replace("POST", "PUT") + large))).startsWith("HTTP/1.1 405");
    }

    private void isJudged() {
        given().body(REVIEW)
                .post("/validate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(true));
    }

    private static long memory() {
        return Math.max(Reception.LARGEST_BODY, Runtime.getRuntime().maxMemory() / 32);
    }

    private double turnedAway(String reason) {
        return sum("lockstep.admission.turned.away", "reason", reason);
    }

    private double judged() {
        return sum("lockstep.admission.requests", "decision", "admitted");
    }

    private double sum(String name, String tag, String value) {
        return metrics.find(name).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private Socket open(String text) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout((int) LONG.toMillis());
        sockets.add(socket);
        try {
            send(socket, text);
        } catch (SocketException e) {
            // It hung up before all was sent.
        }
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /// All that it says before it hangs up.
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /// The first line of an answer, of which all is read.
    private static String head(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        var length = head.toString().replaceAll("(?si).*content-length: (\\d+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
        return head.toString();
    }
}
