package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `make test` ends with: a test that is skipped is said, and in CI it fails.
class SkippedTest {

    private static final String RAN =
            """
            <testsuite name="mesh.lockstep.MeshIT" tests="1" errors="0" skipped="0" failures="0">
              <testcase name="someNamespacesAreLeftAlone" classname="mesh.lockstep.MeshIT" time="1.5"/>
            </testsuite>
            """;

    private static final String CLASS_IS_SKIPPED =
            """
            <testsuite name="mesh.lockstep.InstallationIT" tests="1" errors="0" skipped="1" failures="0">
              <testcase name="" classname="mesh.lockstep.InstallationIT" time="0.0">
                <skipped message="Assumption failed: no namespaces of Linux here" type="org.opentest4j.TestAbortedException"><![CDATA[x]]></skipped>
              </testcase>
            </testsuite>
            """;

    private static final String TESTS_ARE_SKIPPED =
            """
            <testsuite name="mesh.lockstep.browser.PagesIT" tests="2" errors="0" skipped="2" failures="0">
              <testcase name="one" classname="mesh.lockstep.browser.PagesIT" time="0.0">
                <skipped message="no &quot;chromedriver&quot;" type="org.opentest4j.TestAbortedException"/>
              </testcase>
              <testcase name="two" classname="mesh.lockstep.browser.PagesIT" time="0.0">
                <skipped message="no &quot;chromedriver&quot;" type="org.opentest4j.TestAbortedException"/>
              </testcase>
            </testsuite>
            """;

    @TempDir Path folder;

    private record Said(int exitCode, String text) {}

    @Test
    void saysThatNothingWasSkipped() throws Exception {
        report("surefire", RAN);

        assertThat(ask("yes")).isEqualTo(new Said(0, "No test was skipped.\n"));
    }

    @Test
    void saysWhatWasSkippedAndWhatItMisses() throws Exception {
        report("surefire", RAN);
        report("failsafe", CLASS_IS_SKIPPED);
        report("failsafe", TESTS_ARE_SKIPPED);

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
        report("failsafe", CLASS_IS_SKIPPED);

        var said = ask("true");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text())
                .contains("InstallationIT: no namespaces of Linux here")
                .endsWith("In CI nothing may be missing.\n");
    }

    @Test
    void isNotContentWithNoReportsAtAll() throws Exception {
        assertThat(ask("").exitCode()).isEqualTo(1);
    }

    @Test
    void isAskedAtTheEndOfWhatCiRuns() throws IOException {
        assertThat(Files.readString(Path.of("Makefile")))
                .contains("./mvnw verify && .mvn/skipped.sh\n")
                .contains("-Dgroups=release -DexcludedGroups=none && .mvn/skipped.sh\n");
        assertThat(Files.readString(Path.of(".ci/run")))
                .contains("export CI=true")
                .contains("make test && make release-check");
    }

    private void report(String by, String content) throws IOException {
        var reports = Files.createDirectories(folder.resolve(by + "-reports"));
        var name = content.substring(content.indexOf('"') + 1, content.indexOf("\" tests"));
        Files.writeString(reports.resolve("TEST-" + name + ".xml"), content);
    }

    private Said ask(String ci) throws IOException, InterruptedException {
        var command = new ProcessBuilder(".mvn/skipped.sh", folder.toString());
        command.environment().put("CI", ci);
        var process = command.redirectErrorStream(true).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
