package mesh.lockstep.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `kubectl lockstep` as `make cli` has built it, in a process of its own.
///
/// @param kubeconfig the value of `KUBECONFIG`
public record Lockstep(String kubeconfig) {

    private static final Path PROGRAM = Path.of("cli/kubectl-lockstep").toAbsolutePath();

    public Kubectl.Output run(String... arguments) {
        return runWithInput("", arguments);
    }

    /// Runs one command that reads manifests from its standard input.
    public Kubectl.Output runWithInput(String input, String... arguments) {
        return Kubectl.run(builder(arguments), input);
    }

    /// Starts one that goes on until it is told to end.
    public Process start(String... arguments) {
        try {
            return builder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder builder(String... arguments) {
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // As machines of pipelines often are.
        builder.environment().put("LC_ALL", "C");
        return builder;
    }
}
