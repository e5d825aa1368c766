package mesh.lockstep.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The ports that a webhook was given by the system, as its log says: nobody can take them between
/// a look for free ones and its start.
record Listening(int https, int management) {

    /// Settings of a webhook that takes any ports of this machine.
    static final Map<String, String> ANYWHERE =
            Map.of(
                    "QUARKUS_HTTP_HOST", "127.0.0.1",
                    "QUARKUS_HTTP_SSL_PORT", "0",
                    "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                    "QUARKUS_MANAGEMENT_PORT", "0");

    private static final Pattern SAID =
            Pattern.compile(
                    "Listening on: https://127\\.0\\.0\\.1:(\\d+)\\."
                            + " Management interface listening on http://127\\.0\\.0\\.1:(\\d+)");

    /// Waits until it listens.
    ///
    /// @throws IllegalStateException if it ends before
    static Listening of(Process process, Path log, Duration atMost) {
        return await("listening, see " + log)
                .atMost(atMost)
                .until(
                        () -> {
                            var alive = process.isAlive();
                            var said = said(log);
                            if (said.isEmpty() && !alive) {
                                throw new IllegalStateException("it has ended: see " + log);
                            }
                            return said;
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Listening> said(Path log) {
        try {
            return SAID.matcher(Files.readString(log))
                    .results()
                    .map(
                            it ->
                                    new Listening(
                                            Integer.parseInt(it.group(1)),
                                            Integer.parseInt(it.group(2))))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
