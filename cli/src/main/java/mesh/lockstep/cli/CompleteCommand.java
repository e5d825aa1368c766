package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What may come next on a command line, as kubectl asks a plugin for it: a line each, and at the
/// end what the shell is to do
/// (https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/#tab-completion-for-plugins).
@Command(name = "__complete", hidden = true)
final class CompleteCommand implements Callable<Integer> {

    /// No names of files, or those as well: `ShellCompDirective` of spf13/cobra.
    private static final String NO_FILES = ":4";

    private static final String FILES = ":0";

    private final Terminal terminal;

    /// The words so far; the last is the one that is being typed, and may be empty.
    @Parameters private List<String> words = new ArrayList<>();

    CompleteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        var typed = words.isEmpty() ? "" : words.getLast();
        var before = words.size() < 2 ? "" : words.get(words.size() - 2);
        if (before.equals("--contexts")) {
            Contexts.read(System.getenv()).names().stream()
                    .filter(name -> name.startsWith(typed))
                    .forEach(terminal::line);
            terminal.line(NO_FILES);
        } else if (before.equals("-f") || before.equals("--filename")) {
            terminal.line(FILES);
        } else {
            candidates(typed).forEach(terminal::line);
            terminal.line(NO_FILES);
        }
        return ExitCode.SAME;
    }

    private List<String> candidates(String typed) {
        var found = new ArrayList<CharSequence>();
        var last = Math.max(0, words.size() - 1);
        AutoComplete.complete(
                Main.commands(terminal).getCommandSpec(),
                words.toArray(String[]::new),
                last,
                typed.length(),
                String.join(" ", words).length(),
                found);
        return found.stream().map(rest -> typed + rest).sorted().toList();
    }
}
