package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import mesh.lockstep.policy.StrictJson;

/// Requests at a fixed rate, sent by `mesh/bin/load` as an API server would: HTTP/1.1, connections
/// that are kept.
public final class Load {

    private static final Path PROGRAM = Path.of("mesh/bin/load").toAbsolutePath();

    private final ObjectNode attack = JsonNodeFactory.instance.objectNode();

    /// @param address where all URLs lead, whatever name is in them
    /// @param ca of the server that answers
    public Load(String address, Path ca, int rate, Duration time) {
        try {
            attack.put("address", address);
            attack.put("ca", Files.readString(ca));
            attack.put("rate", rate);
            attack.put("seconds", time.toSeconds());
            attack.put("timeout", 10);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Load token(String token) {
        attack.put("token", token);
        return this;
    }

    /// What every answer has to hold.
    public Load expecting(String text) {
        attack.put("expected", text);
        return this;
    }

    /// Every request has to be refused: by an HTTP status from 400 on that is no fault of a server.
    public Load expectingRefusals() {
        attack.put("refused", true);
        return this;
    }

    /// Each request by a connection of its own.
    public Load byFreshConnections() {
        attack.put("fresh", true);
        return this;
    }

    /// One more request, which is sent in turn with the others.
    public Load request(String method, String url, String type, byte[] body) {
        attack.withArray("targets")
                .addObject()
                .put("method", method)
                .put("url", url)
                .put("type", type)
                .put("body", new String(body, StandardCharsets.UTF_8));
        return this;
    }

    /// Begins, and does not wait.
    public Attack begin() {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException("not built: run mesh/build-tool.sh load, or make load");
        }
        try {
            var process =
                    new ProcessBuilder(PROGRAM.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            try (var in = process.getOutputStream()) {
                in.write(Yaml.json(attack));
            }
            return new Attack(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Outcome run() {
        return begin().outcome();
    }

    /// Under way.
    public record Attack(Process process) {

        /// Waits for its end.
        public Outcome outcome() {
            try {
                var said = StrictJson.read(process.getInputStream().readAllBytes());
                if (process.waitFor() != 0) {
                    throw new IllegalStateException("mesh/bin/load failed");
                }
                return new Outcome(said);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// What came of it.
    public record Outcome(JsonNode said) {

        public int requests() {
            return said.path("requests").asInt();
        }

        public int failed() {
            return said.path("failed").asInt();
        }

        /// In microseconds.
        public double median() {
            return said.path("p50").asDouble();
        }

        /// In microseconds; 99 of 100 were no longer.
        public double tail() {
            return said.path("p99").asDouble();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d requests on %d connections, %d failed %s, p50 %.2f ms, p99 %.2f ms, longest %.0f ms",
                    requests(),
                    said.path("connections").asInt(),
                    failed(),
                    said.path("failures"),
                    median() / 1000,
                    tail() / 1000,
                    said.path("longest").asDouble() / 1000);
        }
    }
}
