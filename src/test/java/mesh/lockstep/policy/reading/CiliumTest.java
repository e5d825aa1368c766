package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which Cilium was read stands in one place; nobody has to look for others when there is another.
class CiliumTest {

    private static final Path HERE =
            Path.of("src/main/java/mesh/lockstep/policy/reading/Cilium.java");

    /// What is read like a user reads it: it says the version where Lockstep says it.
    private static final Pattern FOR_USERS = Pattern.compile(".*\\.md|src/test/resources/.*");

    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|go|mod|sh|yaml|yml|md|txt)");

    private static final Pattern NAMED =
            Pattern.compile("(?i)cilium@?(?:[\\s/#*,(]|v(?=\\d))+v?(\\d+\\.\\d+\\.\\d+)");

    @Test
    void isWhatTheOracleAndTheDefinitionsAreMadeFrom() throws IOException {
        for (var module : List.of("mesh/oracle/go.mod", "mesh/crds/go.mod")) {
            assertThat(versions(Path.of(module))).as(module).containsExactly(Cilium.VERSION);
        }
    }

    @Test
    void nothingElseSaysWhichVersionWasRead() throws IOException {
        assertThat(sources().filter(it -> !it.equals(HERE) && !isForUsers(it)))
                .hasSizeGreaterThan(300)
                .allSatisfy(
                        it -> {
                            assertThat(versions(it)).isEmpty();
                            assertThat(Files.readString(it)).doesNotContain(Cilium.VERSION);
                        });
    }

    @Test
    void usersReadOfNoOther() throws IOException {
        var named = new TreeSet<String>();
        for (var file : sources().filter(CiliumTest::isForUsers).toList()) {
            named.addAll(versions(file));
        }

        assertThat(named).containsExactly(Cilium.VERSION);
    }

    @Test
    void findsWhereOneIsNamed() {
        var ways =
                List.of(
                        "of Cilium %s.",
                        "of Cilium\n    /// %s. A",
                        "Cilium's file, cilium v%s",
                        "github.com/cilium/cilium v%s",
                        "github.com/cilium/cilium@v%s");

        assertThat(ways)
                .allSatisfy(
                        it -> assertThat(versions(it.formatted("1.0.9"))).containsExactly("1.0.9"));
    }

    private static Set<String> versions(Path file) throws IOException {
        return versions(Files.readString(file));
    }

    private static Set<String> versions(String text) {
        var versions = new TreeSet<String>();
        var matcher = NAMED.matcher(text);
        while (matcher.find()) {
            versions.add(matcher.group(1));
        }
        return versions;
    }

    private static boolean isForUsers(Path file) {
        return FOR_USERS.matcher(file.toString()).matches();
    }

    private static Stream<Path> sources() throws IOException {
        var files = new TreeSet<Path>();
        for (var folder : List.of("src", "mesh", "docs", "k8s", "certs", "bench", "native")) {
            try (var all = Files.walk(Path.of(folder))) {
                all.filter(it -> SOURCE.matcher(it.toString()).matches())
                        .filter(Files::isRegularFile)
                        .filter(it -> !it.startsWith("mesh/bin"))
                        .filter(it -> !it.endsWith("go.mod"))
                        .forEach(files::add);
            }
        }
        files.add(Path.of("README.md"));
        return files.stream();
    }
}
