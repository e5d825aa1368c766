package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import mesh.lockstep.support.SkippedTests;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// What `make test` ends with: a test that is skipped is said, and in CI it fails.
class SkippedTest {

    @TempDir Path folder;

    private record Said(int exitCode, String text) {}

    @Test
    void saysThatNothingWasSkipped() throws Exception {
        wrote("");

        assertThat(ask("yes")).isEqualTo(new Said(0, "No test was skipped.\n"));
    }

    @Test
    void saysWhatWasSkippedAndWhatItMisses() throws Exception {
        wrote(
                """
                PagesIT: no "chromedriver"
                InstallationIT: no namespaces of Linux here
                PagesIT: no "chromedriver"
                """);

        assertThat(ask(""))
                .isEqualTo(
                        new Said(
                                0,
                                """
                                Skipped, and what they miss:
                                  InstallationIT: no namespaces of Linux here (1)
                                  PagesIT: no "chromedriver" (2)
                                """));
    }

    @Test
    void failsInCi() throws Exception {
        wrote("InstallationIT: no namespaces of Linux here\n");

        var said = ask("true");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text())
                .contains("InstallationIT: no namespaces of Linux here")
                .endsWith("In CI nothing may be missing.\n");
    }

    @Test
    void isNotContentWhereNobodyWroteDownAnything() throws Exception {
        assertThat(ask("").exitCode()).isEqualTo(1);
    }

    @Test
    void allThatIsSkippedIsWrittenDown() throws IOException {
        var file = folder.resolve("written/skipped.txt");

        play(file, Passing.class);
        assertThat(file).hasContent("");

        play(file, Unable.class, Switched.class);
        assertThat(Files.readAllLines(file))
                .containsExactlyInAnyOrder(
                        "SkippedTest$Unable: no browser", "SkippedTest$Switched: not today");
    }

    /// As processes do that run tests side by side.
    @Test
    void allIsWrittenDownThatManySkipAtOnce() throws Exception {
        var file = folder.resolve("skipped.txt");
        var many = 200;
        var test = TestIdentifier.from(new EngineDescriptor(UniqueId.forEngine("any"), "AnyIT"));

        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < many; i++) {
                all.execute(() -> new SkippedTests(file).executionSkipped(test, "no browser"));
            }
        }

        assertThat(Files.readAllLines(file)).hasSize(many).containsOnly("AnyIT: no browser");
    }

    private static void play(Path file, Class<?>... classes) {
        var alone =
                LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
        var selectors = Stream.of(classes).map(DiscoverySelectors::selectClass).toList();
        LauncherFactory.create(alone)
                .execute(
                        LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(),
                        new SkippedTests(file));
    }

    static class Passing {
        @Test
        void passes() {}
    }

    /// As tests that need a browser: a whole class, which Surefire does not report.
    static class Unable {
        @BeforeAll
        static void begin() {
            Assumptions.abort("no browser");
        }

        @Test
        void neverRuns() {}
    }

    static class Switched {
        @Test
        @Disabled("not today")
        void isSwitchedOff() {}
    }

    /// Of whole classes, which Surefire does not report, as of single tests.
    @Test
    void isWrittenDownByAListenerOfJUnit() {
        assertThat(ServiceLoader.load(TestExecutionListener.class))
                .hasAtLeastOneElementOfType(SkippedTests.class);
    }

    @Test
    void isAskedAtTheEndOfWhatCiRuns() throws IOException {
        assertThat(Files.readString(Path.of("Makefile")))
                .contains("./mvnw verify $(AGAINST) && .mvn/skipped.sh\n")
                .contains("-Dit.test=\"$(TEST)\" && .mvn/skipped.sh\n")
                .contains("@rm -f target/skipped.txt;")
                .contains("$(RUN_IT) -Dgroups=release -DexcludedGroups=none && .mvn/skipped.sh\n");
        assertThat(Files.readString(Path.of(".ci/run")))
                .contains("export CI=true")
                .endsWith(
                        """
                        pass make test
                        pass make release-check
                        exit $status
                        """);
    }

    private void wrote(String lines) throws IOException {
        Files.writeString(folder.resolve("skipped.txt"), lines);
    }

    private Said ask(String ci) throws IOException, InterruptedException {
        var command =
                new ProcessBuilder(".mvn/skipped.sh", folder.resolve("skipped.txt").toString());
        command.environment().put("CI", ci);
        var process = command.redirectErrorStream(true).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
