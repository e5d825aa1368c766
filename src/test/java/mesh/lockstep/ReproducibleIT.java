package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import mesh.lockstep.support.Sources;
import mesh.lockstep.support.WebhookProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Anyone who builds the same commit with the same JDK gets the same bytes, because of what
/// `.mvn/reproducible.config` says to Maven's JVM: what is packaged from copies of the sources in
/// two folders.
@Tag("release")
class ReproducibleIT {

    private static final String BUILD =
            "MAVEN_OPTS=\"$MAVEN_OPTS @.mvn/reproducible.config\" ./mvnw -q package -Dquick -DskipTests"
                    + " -Dquarkus.package.jar.type=aot-jar";

    private static final String GENERATED = "quarkus/generated-bytecode.jar";
    private static final String TRANSFORMED = "quarkus/transformed-bytecode.jar";
    private static final String BILL = "quarkus-run-cyclonedx.json";

    @TempDir static Path folder;

    private static Path here;
    private static Path there;

    @BeforeAll
    static void buildTwice() {
        var other = CompletableFuture.supplyAsync(() -> build("there/in-another-folder"));
        here = build("here");
        there = other.join();
    }

    private static Path build(String name) {
        return Sources.in(folder.resolve(name)).run(BUILD).file(WebhookProcess.APPLICATION);
    }

    @Test
    void thatIsHowItIsBuilt() throws IOException {
        assertThat(Files.readString(Path.of("Makefile")))
                .contains(BUILD.replace("$", "$$") + " && ");
    }

    @Test
    void everyFileHasTheSameBytes() throws IOException {
        var digests = digests(here);

        assertThat(digests).containsKeys("quarkus-run.jar", GENERATED).hasSizeGreaterThan(100);
        assertThat(digests(there)).isEqualTo(digests);
    }

    @Test
    void theBillOfMaterialsHasTheSameBytes() {
        assertThat(there.resolveSibling(BILL)).hasSameBinaryContentAs(here.resolveSibling(BILL));
    }

    /// A jar of them is written in the order of the absolute paths that they come from: with ours
    /// in it, it would matter where the sources lie, before Maven's repository or behind.
    @Test
    void onlyClassesOfLibrariesAreTransformed() throws IOException {
        try (var jar = new JarFile(here.resolve(TRANSFORMED).toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(it -> it.endsWith(".class")))
                    .as("without beans that need a proxy, and without io.quarkus.logging.Log")
                    .isNotEmpty()
                    .noneMatch(it -> it.startsWith("mesh/lockstep/"));
        }
    }

    @Test
    void whatRunsInTheBuildIsNotPackaged() throws IOException {
        try (var jar = new JarFile(here.resolve("app/lockstep-1.0.0-SNAPSHOT.jar").toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .contains("application.properties")
                    .noneMatch(it -> it.matches("mesh/lockstep/packaging/.+"))
                    .doesNotContain("META-INF/quarkus-build-steps.list");
        }
    }

    private static Map<String, String> digests(Path application) throws IOException {
        var digests = new TreeMap<String, String>();
        try (var files = Files.walk(application)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                digests.put(application.relativize(file).toString(), digest(file));
            }
        }
        return digests;
    }

    private static String digest(Path file) throws IOException {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
