package mesh.lockstep.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `kubectl lockstep`.
@Command(
        name = "kubectl lockstep",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "What differs between the clusters of a Cilium Cluster Mesh, read with the kubeconfig that you have.",
            "",
            "Exit codes: 0 the same, or all is well; 1 differences, or something is wrong; 2 an error."
        })
final class Main {

    static final String PROGRAM = "kubectl-lockstep";

    /// By which kubectl completes what is typed.
    static final String COMPLETER = "kubectl_complete-lockstep";

    private static final int WIDTH = 110;

    private Main() {}

    /// Runs a command, and ends the process with its exit code.
    public static void main(String[] arguments) {
        // Of what libraries log, nothing is for the user, and some of it may be secret.
        Logger.getLogger("").setLevel(Level.OFF);
        System.exit(commands(Terminal.ofProcess()).execute(arguments));
    }

    /// All commands.
    static CommandLine commands(Terminal terminal) {
        var commands = new CommandLine(CommandSpec.forAnnotatedObject(new Main()));
        List.of(
                        new CheckCommand(terminal, Thread::sleep),
                        new DiffCommand(terminal),
                        new ApplyCommand(terminal),
                        new StatusCommand(terminal),
                        new ConnectCommand(terminal),
                        new DisconnectCommand(terminal),
                        new ExplainCommand(terminal),
                        new VersionCommand(terminal),
                        new CompletionCommand(terminal),
                        new CompleteCommand(terminal))
                .forEach(commands::addSubcommand);
        for (var command : commands.getSubcommands().values()) {
            command.addMixin("help", new HelpOption());
        }
        return commands.addMixin("help", new HelpOption())
                .setUsageHelpWidth(WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, _, _) -> failed(e, terminal));
    }

    /// Exceptions that are not for people may have anything in their words.
    private static int failed(Exception failure, Terminal terminal) {
        terminal.note(
                failure instanceof Unusable
                        ? "error: " + failure.getMessage()
                        : "error: a bug in Lockstep: " + where(failure));
        return ExitCode.ERROR;
    }

    private static String where(Exception failure) {
        var cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName()
                + " at "
                + List.of(cause.getStackTrace()).stream().limit(5).toList();
    }
}
