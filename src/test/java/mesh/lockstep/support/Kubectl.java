package mesh.lockstep.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The real kubectl, speaking to one cluster as its admin.
public record Kubectl(Path program, Path kubeconfig, String context) {

    /// What a user sees.
    public record Output(int exitCode, String out, String err) {

        /// The lines that begin with `Warning:`, without that; not what kubectl says about its own
        /// bookkeeping when it applies server-side what was applied client-side.
        public List<String> warnings() {
            return err.lines()
                    .filter(line -> line.startsWith("Warning: "))
                    .map(line -> line.substring("Warning: ".length()))
                    .filter(line -> !line.startsWith("failed to migrate "))
                    .toList();
        }

        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /// Runs one command, as in `run("delete", "cnp", "allow-api")`.
    public Output run(String... arguments) {
        return runWithInput("", arguments);
    }

    public Output apply(String manifest, String... options) {
        var arguments = new ArrayList<>(List.of("apply", "-f", "-"));
        arguments.addAll(List.of(options));
        return runWithInput(manifest, arguments.toArray(String[]::new));
    }

    /// Runs one command that reads a manifest from its standard input.
    public Output runWithInput(String input, String... arguments) {
        var command = new ArrayList<>(List.of(program.toString(), "--context", context));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("KUBECACHEDIR", kubeconfig.resolveSibling("cache").toString());
        return run(builder, input);
    }

    /// Runs a program to its end.
    static Output run(ProcessBuilder program, String input) {
        try {
            var process = program.start();
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
