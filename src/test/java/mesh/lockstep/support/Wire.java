package mesh.lockstep.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What is between a peer and us, and what may go wrong with it: a proxy of bytes, on one port for
/// ever.
public final class Wire implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PIECE = 16 * 1024;
    private static final Duration HALF_WAY = Duration.ofMillis(75);

    public enum Condition {
        /// What is sent, arrives.
        GOOD,
        /// Nobody listens, and nobody is left on an open connection.
        DOWN,
        /// Everything is accepted, and nothing arrives.
        BLACK_HOLE,
        /// Not even connection attempts are answered, and nothing arrives on open ones.
        UNANSWERED,
        /// Every connection is reset.
        RESETTING,
        /// A byte a second comes back.
        DRIPPING,
        /// The answer takes five seconds.
        LATE,
        /// The answer takes up to half a second, at random.
        UNEVEN,
        /// There and back takes 150 milliseconds: another continent.
        FAR,
    }

    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private final List<Socket> waiting = new ArrayList<>();
    private volatile Condition condition = Condition.GOOD;
    private volatile @Nullable ServerSocket server;

    /// Bound, but nobody listens: the port stays ours while the peer is down.
    private volatile @Nullable Socket reservation;

    private volatile int port;

    public Wire(int target) {
        this.target = target;
        listen();
    }

    public int port() {
        return port;
    }

    /// That are open now.
    public int connections() {
        return open.size();
    }

    public void become(Condition next) {
        set(next);
        switch (next) {
            case DOWN -> {
                if (server != null) {
                    closeServer();
                    reserve();
                }
                hangUp();
            }
            case RESETTING -> hangUp();
            case UNANSWERED -> {
                if (server != null) {
                    closeServer();
                    reserve();
                }
                listenWithoutAnswer();
            }
            case GOOD, BLACK_HOLE, DRIPPING, LATE, UNEVEN, FAR -> {
                if (!waiting.isEmpty()) {
                    closeServer();
                }
                if (server == null) {
                    listen();
                }
            }
        }
    }

    private synchronized void set(Condition next) {
        condition = next;
        notifyAll();
    }

    /// The connections that are open now go on being open, and say nothing any more.
    public void freeze() {
        frozen.addAll(open);
    }

    /// The frozen connections are gone.
    public void thaw() {
        frozen.forEach(Wire::reset);
        frozen.clear();
        set(condition);
    }

    private void listen() {
        var socket = bound(0);
        Thread.ofVirtual().start(() -> accept(socket));
    }

    /// Nobody takes the connections: when a few wait, the system drops what further ones begin
    /// with.
    private void listenWithoutAnswer() {
        bound(1);
        try {
            while (true) {
                var socket = new Socket();
                waiting.add(socket);
                socket.connect(new InetSocketAddress(LOOPBACK, port), 200);
            }
        } catch (SocketTimeoutException e) {
            // As it should be.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// @param backlog how many connections may wait to be taken, about; 0: as usual
    private ServerSocket bound(int backlog) {
        try {
            closeReservation();
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port), backlog);
            port = socket.getLocalPort();
            server = socket;
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void reserve() {
        for (var end = Instant.now().plusSeconds(5); ; ) {
            try {
                var socket = new Socket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(LOOPBACK, port));
                reservation = socket;
                return;
            } catch (IOException e) {
                // The listener lets go of it when its thread has noticed.
                if (Instant.now().isAfter(end)) {
                    throw new AssertionError(e);
                }
                LockSupport.parkNanos(1_000_000);
            }
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
        if (condition == Condition.FAR) {
            Thread.sleep(HALF_WAY);
        } else if (back && condition == Condition.LATE) {
            Thread.sleep(Duration.ofSeconds(5));
        } else if (back && condition == Condition.UNEVEN) {
            Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(500)));
        } else if (back && condition == Condition.DRIPPING) {
            Thread.sleep(Duration.ofSeconds(1));
        }
        awaitLeave(client);
        out.write(piece, 0, read);
        out.flush();
        return true;
    }

    /// Sleeps until it changes: hundreds that looked would take the time of those they wait for.
    private synchronized void awaitLeave(Socket client) throws InterruptedException {
        while (condition == Condition.BLACK_HOLE
                || condition == Condition.UNANSWERED
                || frozen.contains(client)) {
            wait();
        }
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

    private void closeReservation() {
        try {
            var socket = reservation;
            reservation = null;
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void closeServer() {
        try {
            var socket = server;
            server = null;
            if (socket != null) {
                socket.close();
            }
            for (var client : waiting) {
                client.close();
            }
            waiting.clear();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        set(Condition.GOOD);
        closeServer();
        closeReservation();
        hangUp();
    }
}
