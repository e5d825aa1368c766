package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// What kube-proxy does for a Service: each new connection leads to one of its endpoints, in turn;
/// one that is open stays where it is, also when its endpoint is none any more.
public final class ServiceRoute implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocket server;
    private final List<Integer> endpoints = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();

    public ServiceRoute() {
        try {
            server = new ServerSocket(0, 1024, LOOPBACK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// From now on it also leads there.
    ///
    /// @param port of a pod that is ready
    public void add(int port) {
        endpoints.add(port);
    }

    /// From now on it does not lead there any more.
    ///
    /// @param port of a pod that goes
    public void remove(int port) {
        endpoints.remove(Integer.valueOf(port));
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> join(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void join(Socket client) {
        var ports = List.copyOf(endpoints);
        open.add(client);
        try (client;
                var pod =
                        new Socket(
                                LOOPBACK,
                                ports.get(Math.floorMod(turn.getAndIncrement(), ports.size())))) {
            client.setTcpNoDelay(true);
            pod.setTcpNoDelay(true);
            var there = Thread.ofVirtual().start(() -> copy(client, pod));
            copy(pod, client);
            there.join();
        } catch (IOException | InterruptedException e) {
            // One of them hung up.
        } finally {
            open.remove(client);
        }
    }

    /// Until one hangs up; the other one is told after what it is still to get.
    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of them hung up.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
