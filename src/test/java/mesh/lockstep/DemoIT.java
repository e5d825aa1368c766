package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.Test;

/// The demo's story, every move of which checks its own answer.
class DemoIT {

    @Test
    void everyMoveOfTheStoryGoesAsItShould() throws IOException, InterruptedException {
        var log = Path.of("target/demo.log");
        var demo =
                new ProcessBuilder("mesh/bin/mesh", "demo", "--webhook", WebhookProcess.APPLICATION)
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
