package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `make dev` runs Lockstep in the cluster of somebody's current kubectl context. It says so first.
class ConfirmContextTest {

    @TempDir Path folder;

    @BeforeEach
    void aContext() throws IOException {
        Files.writeString(
                folder.resolve("kubeconfig"), "apiVersion: v1\ncurrent-context: \"production\"\n");
    }

    private record Said(int exitCode, String text) {}

    @Test
    void namesTheContextAndGoesOnOnlyWhenToldTo() throws Exception {
        assertThat(answering("n\n").text()).contains("current kubectl context: production (of ");
        assertThat(answering("n\n").exitCode()).isNotZero();
        assertThat(answering("\n").exitCode()).isNotZero();
        assertThat(answering("y\n").exitCode()).isZero();
    }

    @Test
    void goesNowhereWhereNobodyAnswers() throws Exception {
        var said = answering("");

        assertThat(said.exitCode()).isNotZero();
        assertThat(said.text()).contains("make dev CONTEXT=production");
    }

    @Test
    void doesNotAskIfTheContextIsNamed() throws Exception {
        assertThat(answering("", "production").exitCode()).isZero();
        var other = answering("y\n", "testing");
        assertThat(other.exitCode()).isNotZero();
        assertThat(other.text()).contains("kubectl config use-context testing");
    }

    @Test
    void goesNowhereWithoutAContext() throws Exception {
        Files.writeString(folder.resolve("kubeconfig"), "");

        assertThat(answering("y\n").exitCode()).isNotZero();
    }

    @Test
    void isAskedByMakeBeforeAnythingStarts() throws IOException {
        assertThat(Files.readString(Path.of("Makefile")))
                .contains(".mvn/confirm-context.sh \"$(CONTEXT)\" && ./mvnw quarkus:dev");
    }

    private Said answering(String answer, String... arguments) throws Exception {
        var command = new ProcessBuilder("bash", ".mvn/confirm-context.sh");
        command.command().addAll(List.of(arguments));
        command.environment().put("KUBECONFIG", "/nowhere/at/all:" + folder.resolve("kubeconfig"));
        var process = command.redirectErrorStream(true).start();
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(answer);
        } catch (IOException e) {
            // It did not wait for an answer.
        }
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
