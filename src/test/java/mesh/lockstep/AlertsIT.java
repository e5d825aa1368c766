package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The alerts and the dashboard, by Prometheus' own promtool: what it reads, and when each alert
/// fires.
@Tag("release")
class AlertsIT {

    private static final Path PROGRAM = Path.of("mesh/bin/promtool").toAbsolutePath();
    private static final Path MONITORING = Path.of("k8s/components/monitoring");
    private static final Path TESTS = Path.of("src/test/resources/alerts/tests.yaml");

    @TempDir static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        assertThat(PROGRAM).as("make alerts and make release-check build it").isExecutable();
        Files.copy(TESTS, folder.resolve("tests.yaml"));
    }

    /// As the Prometheus operator writes it for Prometheus.
    private static JsonNode rules() {
        return Yaml.read(MONITORING.resolve("30-prometheusrule.yaml")).path("spec");
    }

    static List<String> alerts() {
        return alertsOf(rules()).map(it -> it.path("alert").asText()).toList();
    }

    private static Stream<JsonNode> alertsOf(JsonNode rules) {
        return StreamSupport.stream(rules.path("groups").spliterator(), false)
                .flatMap(it -> StreamSupport.stream(it.path("rules").spliterator(), false));
    }

    @Test
    void fireWhenTheyShouldAndOnlyThen() throws IOException {
        write(rules());

        assertThat(alerts()).hasSizeGreaterThan(8);
        assertThat(
                        promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml")
                                .exitCode())
                .isZero();
        var tested = promtool("test", "rules", "tests.yaml");
        assertThat(tested.exitCode()).as(tested.out()).isZero();
    }

    /// The tests notice an alert that never fires, and one that always does.
    @ParameterizedTest
    @MethodSource("alerts")
    void areTestedBothWays(String alert) throws IOException {
        Files.writeString(folder.resolve("some.yaml"), Yaml.write(testsFor(alert)));
        write(rules());
        var right = promtool("test", "rules", "some.yaml");
        assertThat(right.exitCode()).as(right.out()).isZero();

        for (var wrong : List.of("vector(1) > 1", "vector(1)")) {
            var rules = rules();
            alertsOf(rules)
                    .filter(it -> it.path("alert").asText().equals(alert))
                    .forEach(it -> ((ObjectNode) it).put("expr", wrong));
            write(rules);

            assertThat(promtool("test", "rules", "some.yaml").exitCode()).as(wrong).isOne();
        }
    }

    /// Those that name it, or no alert: all of them would take seconds each time.
    private static JsonNode testsFor(String alert) {
        var file = (ObjectNode) Yaml.read(TESTS);
        var some = file.putArray("tests");
        for (var test : Yaml.read(TESTS).path("tests")) {
            var text = test.toString();
            if (text.contains(alert) || !text.contains("alertname=")) {
                some.add(test);
            }
        }
        return file;
    }

    @Test
    void everyPanelOfTheDashboardAsksWhatPrometheusCanRead() throws IOException {
        var expressions =
                Yaml.read(MONITORING.resolve("lockstep.json")).findValuesAsText("expr").stream()
                        .map(it -> it.replace("$__rate_interval", "5m"))
                        .toList();
        var rules = Yaml.read("{groups: [{name: dashboard, rules: []}]}");
        var group = (ArrayNode) rules.at("/groups/0/rules");
        expressions.forEach(it -> group.addObject().put("record", "panel").put("expr", it));
        write(rules);

        assertThat(expressions).hasSizeGreaterThan(8);
        var checked = promtool("check", "rules", "--lint=none", "rules.yaml");
        assertThat(checked.exitCode()).as(checked.out()).isZero();
    }

    private static void write(JsonNode rules) throws IOException {
        Files.writeString(folder.resolve("rules.yaml"), Yaml.write(rules));
    }

    private static Kubectl.Output promtool(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Kubectl.Output(process.waitFor(), out, "");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
