package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final Pattern BLOCK =
            Pattern.compile("(?m)^\\$ kubectl lockstep ([a-z]+ )?--help\n(?s:(.*?))^```$");

    @Test
    void everyFindingIsExplained() {
        var findings = new ArrayList<String>();
        new ExplainCommand.Names().forEach(findings::add);

        assertThat(findings).hasSizeGreaterThan(8);
        for (var finding : findings) {
            var ran = Ran.of("explain", finding.toLowerCase(Locale.ROOT));
            assertThat(ran.code()).as(finding).isZero();
            assertThat(ran.out().lines().findFirst()).hasValue(finding);
            assertThat(ran.out()).doesNotContain("](", "```", "**");
        }
    }

    @Test
    void whatIsWrongWithACommandLineIsAnError() {
        assertThat(Ran.of().code()).isEqualTo(2);
        assertThat(Ran.of("nothing").code()).isEqualTo(2);
        assertThat(Ran.of("check", "--nothing").code()).isEqualTo(2);
        assertThat(Ran.of("check", "-o", "nothing").code()).isEqualTo(2);
        assertThat(Ran.of("check", "-A", "-n", "default").err())
                .isEqualTo("error: -n and -A exclude each other\n");
        assertThat(Ran.of("diff").code()).isEqualTo(2);
        assertThat(Ran.of("explain", "Nothing").code()).isEqualTo(2);
        assertThat(Ran.of("explain", "Nothing").out()).isEmpty();
        assertThat(Ran.of("explain", "Nothing").err()).contains("there are: Newer, Differs");
    }

    @Test
    void shellsGetAScript() {
        assertThat(Ran.of("completion", "bash").out()).contains("complete -F", "check", "Differs");
        assertThat(Ran.of("completion", "fish").out()).startsWith("complete -c kubectl-lockstep");
        assertThat(Ran.of("completion", "tcsh").code()).isEqualTo(2);
    }

    @Test
    void kubectlIsToldWhatMayComeNext() {
        assertThat(Ran.of("__complete", "--", "ch").out()).isEqualTo("check\n:4\n");
        assertThat(Ran.of("__complete", "--", "explain", "Ne").out()).isEqualTo("Newer\n:4\n");
        assertThat(Ran.of("__complete", "--", "check", "--req").out())
                .isEqualTo("--require-all\n:4\n");
        assertThat(Ran.of("__complete", "--", "diff", "-f", "").out()).isEqualTo(":0\n");
    }

    /// `-Dgolden=write` rewrites it.
    @Test
    void thePageShowsTheHelpOfEveryCommand() throws IOException {
        var page = Files.readString(PAGE);
        var shown = new ArrayList<String>();

        var now =
                BLOCK.matcher(page)
                        .replaceAll(
                                it -> {
                                    var command = it.group(1) == null ? "" : it.group(1);
                                    shown.add(command.strip());
                                    var block =
                                            "$ kubectl lockstep %s--help\n%s```"
                                                    .formatted(command, help(command.strip()));
                                    return Matcher.quoteReplacement(block);
                                });

        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, now);
        }
        assertThat(now).isEqualTo(Files.readString(PAGE));
        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "",
                        "check",
                        "diff",
                        "apply",
                        "status",
                        "connect",
                        "disconnect",
                        "explain",
                        "version",
                        "completion");
    }

    private static String help(String command) {
        var ran = command.isEmpty() ? Ran.of("--help") : Ran.of(command, "--help");
        assertThat(ran.code()).isZero();
        return ran.out();
    }
}
