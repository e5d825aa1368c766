package mesh.lockstep.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of this machine for programs that have to be told theirs: the webhook, for one, asks
/// itself at the port that it is configured with.
///
/// They lie below those that the systems give to outgoing connections, as those of the launcher do:
/// of these, one that is free when it is looked at may be taken before its server opens it. And
/// each lane has its own, which are none of the launcher's.
public final class Ports {

    private static final int OF_A_LANE = 1_500;
    private static final int LOWEST = 14_000 + (Mesh.LANE - 1) * OF_A_LANE;
    private static final int BEYOND = LOWEST + OF_A_LANE;
    private static final int TRIES = 200;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /// One that nobody listens on, and that nobody was given before.
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("hardly a port is free from " + LOWEST + " to " + BEYOND);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
