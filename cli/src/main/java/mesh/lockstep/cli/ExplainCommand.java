package mesh.lockstep.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import mesh.lockstep.rollout.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What a finding means, and what to do.
@Command(name = "explain", description = "What a finding means, and what to do about it.")
final class ExplainCommand implements Callable<Integer> {

    private static final String PAGE = "/findings.md";

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
            return Arrays.stream(Finding.class.getPermittedSubclasses())
                    .map(Class::getSimpleName)
                    .iterator();
        }
    }

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable, IOException {
        try (var page = Objects.requireNonNull(getClass().getResourceAsStream(PAGE))) {
            var text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            section(text).forEach(terminal::line);
        }
        return ExitCode.SAME;
    }

    private List<String> section(String page) throws Unusable {
        for (var section : page.split("\n## ", -1)) {
            var title = section.lines().findFirst().orElse("");
            if (title.equalsIgnoreCase(finding) && isFinding(title)) {
                return Markdown.plain(section);
            }
        }
        throw new Unusable(
                "there is no finding %s; there are: %s"
                        .formatted(finding, String.join(", ", new Names())));
    }

    private static boolean isFinding(String title) {
        for (var name : new Names()) {
            if (name.equals(title)) {
                return true;
            }
        }
        return false;
    }
}
