package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The demo's story, every move of which checks its own answer: of what ships, and on a JVM, where
/// people see it first.
class DemoIT {

    static Stream<String> applications() {
        return Stream.of(WebhookProcess.APPLICATION, WebhookProcess.FOR_A_JVM).distinct();
    }

    @ParameterizedTest
    @MethodSource("applications")
    void everyMoveOfTheStoryGoesAsItShould(String application)
            throws IOException, InterruptedException {
        var log = Path.of("target/demo-%s.log".formatted(Path.of(application).getFileName()));
        var demo =
                new ProcessBuilder("mesh/bin/mesh", "demo", "--webhook", application)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        demo.environment().put("DEMO", "exit");
        Mesh.prepare(demo);

        var exitCode = demo.start().waitFor();

        var story = Files.readString(log);
        assertThat(exitCode).as("%s", story).isZero();
        assertThat(story).contains("moves of the story went as they should").doesNotContain("✘");
    }
}
