package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import mesh.lockstep.support.Wire.Condition;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void leavesConnectionAttemptsUnansweredUntilItIsRestored() throws IOException {
        try (var peer = new ServerSocket(0, 50, LOOPBACK);
                var wire = new Wire(peer.getLocalPort())) {
            connect(wire, 5_000);

            wire.become(Condition.UNANSWERED);
            assertThatThrownBy(() -> connect(wire, 500)).isInstanceOf(SocketTimeoutException.class);

            wire.become(Condition.GOOD);
            connect(wire, 5_000);
            assertThat(peer.accept().isConnected()).isTrue();
        }
    }

    private static void connect(Wire wire, int millis) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, wire.port()), millis);
        }
    }
}
