package mesh.lockstep.admission;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// More requests than it can take: half of each is sent, then nothing.
@QuarkusTest
class PressureTest {

    @Inject FakePeers peers;

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
        await().until(() -> review().extract().statusCode() == 200);
    }

    @Test
    void turnsAwayWhatIsTooMuchAndAnswersAgainAfterwards() throws IOException {
        for (int i = 0; i < Pressure.REQUESTS; i++) {
            begin("Content-Length: 100");
        }
        await().until(
                        () -> {
                            begin("Content-Length: 100");
                            return review().extract().statusCode() == 429;
                        });
        review().header("Retry-After", "1");

        await().until(
                        () -> {
                            sockets.removeFirst().close();
                            return review().extract().statusCode() == 200;
                        });
        review().body("response.allowed", equalTo(true));
    }

    @Test
    void turnsAwayLargeBodiesBeforeTheyFillTheMemory() throws IOException {
        long memory = Math.max(Pressure.LARGEST_BODY, Runtime.getRuntime().maxMemory() / 32);
        for (long i = 0; i < memory / Pressure.LARGEST_BODY; i++) {
            begin("Content-Length: " + Pressure.LARGEST_BODY);
        }
        given().body(new byte[(int) Pressure.LARGEST_BODY - 1])
                .post("/validate")
                .then()
                .statusCode(429)
                .header("Retry-After", "1");
    }

    @Test
    void countsABodyOfUnknownLengthAsALargeOne() throws IOException {
        long memory = Math.max(Pressure.LARGEST_BODY, Runtime.getRuntime().maxMemory() / 32);
        for (long i = 0; i <= memory / Pressure.LARGEST_BODY; i++) {
            begin("Transfer-Encoding: chunked");
        }
        given().body(new byte[(int) Pressure.LARGEST_BODY - 1])
                .post("/validate")
                .then()
                .statusCode(429);
    }

    private static ValidatableResponse review() {
        return given().body(Reviews.bytes(Reviews.create(Reviews.policy(80))))
                .post("/validate")
                .then();
    }

    private void begin(String header) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        sockets.add(socket);
        var head = "POST /validate HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
