package mesh.lockstep.admission;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the webhook does not let anybody take: time and memory. Its limit on silence is made small.
@Tag("alone")
@QuarkusTest
@TestProfile(BoundsIT.Small.class)
class BoundsIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String HEAD = "POST /validate HTTP/1.1\r\nHost: localhost\r\n";

    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.idle-timeout", "3s");
        }
    }

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        await().atMost(LONG).ignoreExceptions().until(() -> review() == 200);
    }

    @Test
    void takesNoBodyThatIsLargerThanTwoObjectsMayBe() throws IOException {
        var largest = new byte[Reception.LARGEST_BODY];
        assertThat(post(largest)).isEqualTo(400);

        var socket = open(HEAD + "Content-Length: " + (Reception.LARGEST_BODY + 1) + "\r\n\r\n");
        assertThat(status(socket)).isEqualTo("HTTP/1.1 413");
    }

    @Test
    void rejectsSuchABodyOfUnknownLengthAsWell() throws IOException {
        var socket = open(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        var megabyte = "100000\r\n" + "x".repeat(1024 * 1024) + "\r\n";

        for (int i = 0; i < Reception.LARGEST_BODY / (1024 * 1024); i++) {
            send(socket, megabyte);
        }
        send(socket, "1\r\nx\r\n");

        assertThat(status(socket)).isEqualTo("HTTP/1.1 413");
    }

    /// Never silent for longer than it may be, and never done.
    @Test
    void waitsNoLongerForABodyThatComesByteByByte() throws IOException {
        var socket = open(HEAD + "Content-Length: 1000\r\n\r\n");

        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> !sends(socket, "x"));
    }

    @Test
    void closesTheConnectionThatSendsNoRequest() throws IOException {
        var socket = open("");

        await().atMost(LONG).until(() -> isClosed(socket));
    }

    /// The bytes of a head that is not whole count as silence.
    @Test
    void waitsNoLongerForAHeadThatComesByteByByteThanForASilentConnection() throws IOException {
        var socket = open(HEAD + "Slow: ");

        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> !sends(socket, "x"));
    }

    private static int review() {
        return post(Reviews.bytes(Reviews.create(Reviews.policy(80))));
    }

    /// By a connection that takes no place afterwards.
    private static int post(byte[] body) {
        return given().header("Connection", "close").body(body).post("/validate").statusCode();
    }

    private Socket open(String text) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        sockets.add(socket);
        send(socket, text);
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    private static boolean sends(Socket socket, String text) {
        try {
            send(socket, text);
            return !isClosed(socket);
        } catch (IOException e) {
            return false;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /// Whether the other side has hung up, whatever it said before.
    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(200);
            var in = socket.getInputStream();
            while (in.read() >= 0) {
                // What it said.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
