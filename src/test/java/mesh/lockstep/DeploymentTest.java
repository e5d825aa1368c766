package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mesh.lockstep.support.WebhookProcess;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;

/// What is shown, tested and measured is what is shipped.
class DeploymentTest {

    private static final Pattern OPTION = Pattern.compile("\"(-XX:[^\"]+)\"");
    private static final String CONTAINER = "/spec/template/spec/containers/0";

    @Test
    void aJvmIsToldTheSameInTheDemoAndTheTests() throws IOException {
        var demo =
                OPTION.matcher(Files.readString(Path.of("mesh/installation.go")))
                        .results()
                        .map((MatchResult it) -> it.group(1))
                        .toList();
        var tests =
                Stream.of(WebhookProcess.AS_IN_A_POD.split(" "))
                        .filter(it -> !it.startsWith("-Xmx"))
                        .toList();

        assertThat(demo).isNotEmpty();
        assertThat(tests).isNotEmpty();
        assertThat(javaOptions()).containsAll(demo).containsAll(tests);
    }

    @Test
    void theHeapIsHalfOfTheLimit() throws IOException {
        var pom = Files.readString(Path.of("pom.xml"));

        assertThat(javaOptions()).contains("-XX:MaxRAMPercentage=50");
        assertThat(pom).contains("-R:MaximumHeapSizePercent=50,-R:+ExitOnOutOfMemoryError");
        for (var manifest :
                List.of("k8s/base/40-deployment.yaml", "k8s/components/jvm/deployment.yaml")) {
            assertThat(container(manifest).at("/resources/limits/memory").asText())
                    .as(manifest)
                    .isEqualTo("512Mi");
        }
        assertThat(WebhookProcess.AS_IN_A_POD).contains("-Xmx256m");
        assertThat(Files.readString(Path.of("mesh/installation.go"))).contains("\"-Xmx256m\"");
    }

    private static List<String> javaOptions() {
        for (var variable : container("k8s/components/jvm/deployment.yaml").path("env")) {
            if (variable.path("name").asText().equals(WebhookProcess.OPTIONS)) {
                return List.of(variable.path("value").asText().split(" "));
            }
        }
        return List.of();
    }

    private static JsonNode container(String manifest) {
        return Yaml.readAll(Path.of(manifest)).getFirst().at(CONTAINER);
    }
}
