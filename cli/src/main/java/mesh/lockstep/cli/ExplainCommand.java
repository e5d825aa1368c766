package mesh.lockstep.cli;

import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What a finding means, and what to do.
@Command(name = "explain", description = "What a finding means, and what to do about it.")
final class ExplainCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            paramLabel = "FINDING",
            completionCandidates = Names.class,
            description = "One of ${COMPLETION-CANDIDATES}: the word in brackets of a message.")
    private String finding = "";

    /// All findings.
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Rules.findings().iterator();
        }
    }

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        if (Rules.section(finding).isEmpty()) {
            throw new Unusable(
                    "there is no finding %s; there are: %s"
                            .formatted(finding, String.join(", ", Rules.findings())));
        }
        Rules.help(finding).forEach(terminal::line);
        return ExitCode.SAME;
    }
}
