package mesh.lockstep.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.support.TestCertificate;

/// A server in the place of a peer's API server that tells a [Lie] where policies are listed or
/// watched. To small questions it answers at once, so that it is taken for a peer that is well.
final class LyingApiServer implements AutoCloseable {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final Pattern CONTINUE = Pattern.compile("[?&]continue=([^& ]*)");

    private final Lie lie;
    private final String uid = UUID.randomUUID().toString();
    private final SSLServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    LyingApiServer(Lie lie) {
        this.lie = lie;
        try {
            server =
                    (SSLServerSocket)
                            AUTHORITY
                                    .issueFor("127.0.0.1")
                                    .serverContext()
                                    .getServerSocketFactory()
                                    .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().name("lying-" + lie).start(this::accept);
    }

    /// What makes it a peer.
    String kubeconfig() {
        return Kubeconfigs.withToken("https://127.0.0.1:" + server.getLocalPort(), AUTHORITY);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // It was closed, or somebody does not like the certificate.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (answer(request(client.getInputStream()), client.getOutputStream())) {
                // The next one.
            }
        } catch (IOException e) {
            // The client has gone.
        } finally {
            open.remove(client);
        }
    }

    /// The first line of a request.
    private static String request(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    /// @return whether the connection can be used again
    private boolean answer(String request, OutputStream out) throws IOException {
        if (request.contains("/namespaces/kube-system HTTP")) {
            small(out, "200 OK", "{\"metadata\":{\"uid\":\"" + uid + "\"}}");
            return true;
        }
        if (!request.contains("/apis/cilium.io/v2/cilium") || request.contains("cidrgroups")) {
            small(out, "404 Not Found", "{}");
            return true;
        }
        var buffered = new BufferedOutputStream(out, 64 * 1024);
        buffered.write(
                (lie.head() + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        if (request.contains("watch=true")) {
            lie.watch(buffered);
        } else {
            var next = CONTINUE.matcher(request);
            lie.list(buffered, next.find() ? next.group(1) : "");
        }
        buffered.flush();
        return false;
    }

    private static void small(OutputStream out, String status, String body) throws IOException {
        out.write(
                "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, body.length(), body)
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
