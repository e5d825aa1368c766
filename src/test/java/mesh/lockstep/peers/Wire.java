package mesh.lockstep.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What is between a peer and us, and what may go wrong with it: a proxy of bytes, on one port for
/// ever.
final class Wire implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PIECE = 16 * 1024;

    enum Condition {
        /// What is sent, arrives.
        GOOD,
        /// Nobody listens, and nobody is left on an open connection.
        DOWN,
        /// Everything is accepted, and nothing arrives.
        BLACK_HOLE,
        /// Every connection is reset.
        RESETTING,
        /// A byte a second comes back.
        DRIPPING,
        /// What comes back takes five seconds.
        LATE,
    }

    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private volatile Condition condition = Condition.GOOD;
    private volatile @Nullable ServerSocket server;
    private volatile int port;

    Wire(int target) {
        this.target = target;
        listen();
    }

    int port() {
        return port;
    }

    /// That are open now.
    int connections() {
        return open.size();
    }

    void become(Condition next) {
        condition = next;
        switch (next) {
            case DOWN -> {
                closeServer();
                hangUp();
            }
            case RESETTING -> hangUp();
            case GOOD, BLACK_HOLE, DRIPPING, LATE -> {
                if (server == null) {
                    listen();
                }
            }
        }
    }

    /// The connections that are open now go on being open, and say nothing any more.
    void freeze() {
        frozen.addAll(open);
    }

    /// Whoever was frozen is gone.
    void thaw() {
        frozen.forEach(Wire::reset);
        frozen.clear();
    }

    private void listen() {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            port = socket.getLocalPort();
            server = socket;
            Thread.ofVirtual().start(() -> accept(socket));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void accept(ServerSocket listening) {
        while (true) {
            try {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(Socket client) {
        if (condition == Condition.RESETTING) {
            reset(client);
            return;
        }
        try (client;
                var peer = new Socket(LOOPBACK, target)) {
            open.add(client);
            client.setTcpNoDelay(true);
            var there = Thread.ofVirtual().start(() -> copy(client, peer, false));
            copy(peer, client, true);
            there.interrupt();
        } catch (IOException e) {
            // One of them hung up.
        } finally {
            open.remove(client);
        }
    }

    /// @param back whether it is what the peer answers
    private void copy(Socket from, Socket to, boolean back) {
        try (from;
                to) {
            var piece = new byte[PIECE];
            var in = from.getInputStream();
            var out = to.getOutputStream();
            while (forward(in, out, piece, back ? to : from, back)) {
                // Until one of them hangs up.
            }
        } catch (IOException | InterruptedException e) {
            // One of them hung up.
        }
    }

    private boolean forward(
            InputStream in, OutputStream out, byte[] piece, Socket client, boolean back)
            throws IOException, InterruptedException {
        int most = back && condition == Condition.DRIPPING ? 1 : PIECE;
        int read = in.read(piece, 0, most);
        if (read < 0) {
            return false;
        }
        if (back && condition == Condition.LATE) {
            Thread.sleep(Duration.ofSeconds(5));
        } else if (back && condition == Condition.DRIPPING) {
            Thread.sleep(Duration.ofSeconds(1));
        }
        while (condition == Condition.BLACK_HOLE || frozen.contains(client)) {
            Thread.sleep(Duration.ofMillis(50));
        }
        out.write(piece, 0, read);
        out.flush();
        return true;
    }

    private void hangUp() {
        open.forEach(Wire::reset);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private void closeServer() {
        try {
            var socket = server;
            server = null;
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        condition = Condition.GOOD;
        closeServer();
        hangUp();
    }
}
