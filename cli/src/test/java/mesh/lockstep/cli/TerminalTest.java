package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal =
            new Terminal(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false,
                    false);

    /// Whoever forgot to clean what a cluster has said.
    @Test
    void actsOnNothingThatIsWrittenToIt() {
        terminal.line("a\u001b[2Jb\u009bc\rd\nnext");
        terminal.note("a\u001b[2Jb\nnext");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("a\uFFFD[2Jb\uFFFDc\uFFFDd\nnext\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("a\uFFFD[2Jb\uFFFDnext\n");
    }
}
