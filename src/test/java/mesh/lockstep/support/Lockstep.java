package mesh.lockstep.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// `kubectl lockstep` as `make cli` has built it, in a process of its own.
///
/// @param kubeconfig the value of `KUBECONFIG`
public record Lockstep(String kubeconfig) {

    private static final Path PROGRAM = Path.of("cli/kubectl-lockstep").toAbsolutePath();

    /// What a user sees.
    public record Output(int code, String out, String err) {}

    public Output run(String... arguments) {
        return runWithInput("", arguments);
    }

    /// Runs one command that reads manifests from its standard input.
    public Output runWithInput(String input, String... arguments) {
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            var process = builder.start();
            var err = CompletableFuture.supplyAsync(() -> textOf(process.getErrorStream()));
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                in.write(input);
            }
            var out = textOf(process.getInputStream());
            return new Output(process.waitFor(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String textOf(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
