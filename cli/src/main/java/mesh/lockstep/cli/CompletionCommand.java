package mesh.lockstep.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Scripts by which shells complete what is typed.
@Command(
        name = "completion",
        description = {
            "A script by which a shell completes kubectl-lockstep: source <(kubectl-lockstep completion bash).",
            "kubectl itself completes \"kubectl lockstep\" by the program kubectl_complete-lockstep, which is"
                    + " installed beside kubectl-lockstep."
        })
final class CompletionCommand implements Callable<Integer> {

    private final Terminal terminal;

    /// Shells that complete by a script.
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell = Shell.BASH;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.line(
                switch (shell) {
                    case BASH, ZSH -> AutoComplete.bash(Main.PROGRAM, Main.commands(terminal));
                    case FISH ->
                            "complete -c %s -f -a '(%s (commandline -opc)[2..] (commandline -ct) | string match -rv \"^:\")'"
                                    .formatted(Main.PROGRAM, Main.COMPLETER);
                });
        return ExitCode.SAME;
    }
}
