package mesh.lockstep.beside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Caller;

/// A webhook that `mesh/build-tool.sh` has built.
///
/// @param probe what tells whether it is ready, by an answer below 500
record GoProcess(Process started, int port, URI probe) implements Running {

    private static final HttpClient HTTP = Caller.stranger().client();

    static GoProcess start(
            int port,
            String probe,
            Path log,
            Map<String, String> environment,
            List<String> command) {
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Outside of a cluster, whatever this runs in.
        builder.environment().keySet().removeIf(it -> it.startsWith("KUBERNETES_"));
        builder.environment().putAll(environment);
        try {
            var started = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return new GoProcess(started, port, URI.create(probe));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ProcessHandle process() {
        return started.toHandle();
    }

    @Override
    public boolean ready() {
        if (!started.isAlive()) {
            throw new IllegalStateException("it has ended: see its log in target/beside");
        }
        try {
            var asked = HttpRequest.newBuilder(probe).build();
            return HTTP.send(asked, BodyHandlers.discarding()).statusCode() < 500;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// At once: Gatekeeper would take ten seconds for a farewell.
    @Override
    public void close() {
        started.destroyForcibly();
        try {
            started.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
