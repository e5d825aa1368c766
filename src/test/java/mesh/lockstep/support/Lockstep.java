package mesh.lockstep.support;

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
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return Kubectl.run(builder, input);
    }
}
