package mesh.lockstep.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// The version of this program.
@Command(name = "version", description = "The version of this program.")
final class VersionCommand implements Callable<Integer> {

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.line("kubectl-lockstep " + version().orElse("(not packaged)"));
        return ExitCode.SAME;
    }

    static Optional<String> version() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion());
    }
}
