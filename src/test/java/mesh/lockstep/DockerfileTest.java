package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The images that Jib and the Dockerfiles make are the same for those who run them, and what the
/// Deployment says of them is true.
class DockerfileTest {

    private static final Path FOLDER = Path.of("src/main/docker");
    private static final String POM = text(Path.of("pom.xml"));
    private static final JsonNode POD =
            Yaml.read(Path.of("k8s/base/40-deployment.yaml")).at("/spec/template/spec");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void saysWhatJibAndTheDeploymentSay(String name) {
        var dockerfile = text(FOLDER.resolve(name));
        var security = POD.path("securityContext");
        var ports = new ArrayList<String>();
        POD.at("/containers/0/ports").forEach(it -> ports.add(it.path("containerPort").asText()));

        assertThat(only("USER", dockerfile))
                .isEqualTo(jib("user"))
                .isEqualTo(
                        security.path("runAsUser").asText()
                                + ":"
                                + security.path("runAsGroup").asText());
        assertThat(only("EXPOSE", dockerfile).split(" "))
                .containsExactly(jib("ports").split(","))
                .containsExactlyElementsOf(ports);
        assertThat(only("WORKDIR", dockerfile)).isEqualTo(jib("working-directory"));
        assertThat(POD.path("containers").path(0).has("command")).isFalse();
    }

    /// The image that Jib makes is looked at by `ImageIT`.
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.cli"})
    void hasTheLabelsOfJib(String name) {
        var labels = Pattern.compile("org\\.opencontainers\\.image\\.[a-z]+");
        var wanted = text(Path.of("src/main/image/META-INF/microprofile-config.properties"));

        assertThat(labels.matcher(text(FOLDER.resolve(name))).results().map(MatchResult::group))
                .containsExactlyInAnyOrderElementsOf(
                        labels.matcher(wanted).results().map(MatchResult::group).toList())
                .hasSize(6);
    }

    /// `make build` packages into `target/quarkus-app`, and `make native` next to it.
    @Test
    void copiesWhatIsBuiltAndIsLeftToTheBuildByDockerignore() {
        var let = text(Path.of(".dockerignore")).lines().toList();

        assertThat(only("COPY", text(FOLDER.resolve("Dockerfile.jvm"))))
                .isEqualTo("target/quarkus-app/ .");
        assertThat(only("COPY", text(FOLDER.resolve("Dockerfile.native"))))
                .isEqualTo("--chmod=0555 target/native/ .");
        assertThat(POM).contains("<packaged.application>target/quarkus-app</packaged.application>");
        assertThat(text(Path.of("native/build.sh"))).contains("OUTPUT=target/native");
        assertThat(let)
                .filteredOn(it -> !it.startsWith("#"))
                .isEqualTo(
                        List.of(
                                "*",
                                "!target/quarkus-app",
                                "!target/native",
                                "!cli/kubectl-lockstep",
                                "!cli/target/lib"));
    }

    /// The starter finds what is beside it, as `lib`.
    @Test
    void theCommandLineRunsAsTheJobSays() {
        var dockerfile = text(FOLDER.resolve("Dockerfile.cli"));
        var pod =
                Yaml.read(Path.of("k8s/components/renewal/90-cronjob.yaml"))
                        .at("/spec/jobTemplate/spec/template/spec");

        assertThat(dockerfile)
                .contains("\nCOPY cli/kubectl-lockstep ./\nCOPY cli/target/lib/ lib/\n");
        assertThat(text(Path.of("cli/kubectl-lockstep"))).contains("\nlib=$home/lib ");
        assertThat(only("FROM", dockerfile))
                .isEqualTo(only("FROM", text(FOLDER.resolve("Dockerfile.jvm"))));
        assertThat(only("ENTRYPOINT", dockerfile)).isEqualTo("[\"./kubectl-lockstep\"]");
        assertThat(only("USER", dockerfile))
                .isEqualTo(
                        pod.at("/securityContext/runAsUser").asText()
                                + ":"
                                + pod.at("/securityContext/runAsGroup").asText());
        assertThat(pod.at("/containers/0").has("command")).isFalse();
    }

    @Test
    void startsFromWhatIsInTheFolder() {
        assertThat(only("ENTRYPOINT", text(FOLDER.resolve("Dockerfile.jvm"))))
                .isEqualTo(
                        "[\"java\", \"-XX:AOTCache=lockstep.aot\", \"-jar\", \"quarkus-run.jar\"]");
        assertThat(text(Path.of("src/programs/java/mesh/lockstep/peers/AotRun.java")))
                .contains("target/quarkus-app/lockstep.aot");
        assertThat(only("ENTRYPOINT", text(FOLDER.resolve("Dockerfile.native"))))
                .isEqualTo("[\"./lockstep\"]");
    }

    private static String only(String instruction, String dockerfile) {
        var found =
                Pattern.compile("^" + instruction + " (.+)$", Pattern.MULTILINE)
                        .matcher(dockerfile)
                        .results()
                        .map(it -> it.group(1))
                        .toList();
        assertThat(found).as(instruction).hasSize(1);
        return found.getFirst();
    }

    private static String jib(String property) {
        var element = "quarkus.jib." + property;
        var found = Pattern.compile("<" + element + ">(.+)</" + element + ">").matcher(POM);
        assertThat(found.find()).as(element).isTrue();
        return found.group(1);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
