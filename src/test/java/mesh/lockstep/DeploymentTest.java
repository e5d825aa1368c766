package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// What is shown and tested is what is shipped.
class DeploymentTest {

    private static final Pattern OPTION = Pattern.compile("\"(-XX:[^\"]+)\"");

    @Test
    void compilesAsTheDemoAndTheTestsDo() throws IOException {
        var demo =
                OPTION.matcher(Files.readString(Path.of("mesh/installation.go")))
                        .results()
                        .map((MatchResult it) -> it.group(1))
                        .toList();

        assertThat(demo).isNotEmpty();
        assertThat(javaOptions().split(" ")).containsAll(demo);
    }

    private static String javaOptions() throws IOException {
        for (var variable :
                Yaml.readAll(Path.of("k8s/base/40-deployment.yaml"))
                        .getFirst()
                        .at("/spec/template/spec/containers/0/env")) {
            if (variable.path("name").asText().equals("JDK_JAVA_OPTIONS")) {
                return variable.path("value").asText();
            }
        }
        return "";
    }
}
