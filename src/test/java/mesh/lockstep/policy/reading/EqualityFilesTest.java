package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.PolicyPair;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every file under `equality/` holds a [PolicyPair] and says by its name whether the two are the
/// same: `equality/<part>/{same,different}-<why>.yaml`.
class EqualityFilesTest {

    private static final Path FOLDER = Path.of("src/test/resources/equality");

    @TestFactory
    Stream<DynamicTest> judgesAsTheFileSays() throws IOException {
        return files().stream()
                .map(
                        file ->
                                DynamicTest.dynamicTest(
                                        FOLDER.relativize(file).toString(), () -> judge(file)));
    }

    @Test
    void everyFileIsRead() throws IOException {
        assertThat(files())
                .isNotEmpty()
                .allSatisfy(
                        file ->
                                assertThat(FOLDER.relativize(file).toString())
                                        .matches("[a-z]+/(same|different)-[a-z0-9-]+\\.yaml"));
    }

    /// The pairs of all files.
    static Stream<PolicyPair> all() throws IOException {
        return files().stream().map(PolicyPair::of);
    }

    static List<Path> files() throws IOException {
        try (var files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void everyPartHasBothKinds() throws IOException {
        var kinds =
                files().stream()
                        .collect(
                                Collectors.groupingBy(
                                        file -> FOLDER.relativize(file.getParent()).toString(),
                                        Collectors.mapping(
                                                EqualityFilesTest::isSame, Collectors.toSet())));

        assertThat(kinds).isNotEmpty();
        assertThat(kinds.values()).allSatisfy(it -> assertThat(it).hasSize(2));
    }

    private static boolean isSame(Path file) {
        return file.getFileName().toString().startsWith("same-");
    }

    private static void judge(Path file) {
        var pair = PolicyPair.of(file);
        var one = pair.one();
        var other = pair.other();

        if (isSame(file)) {
            assertThat(one.meaning()).isEqualTo(other.meaning());
            assertThat(one.meaning().digest()).isEqualTo(other.meaning().digest());
            assertThat(differences(one, other)).isZero();
        } else {
            assertThat(one.meaning()).isNotEqualTo(other.meaning());
            assertThat(one.meaning().digest()).isNotEqualTo(other.meaning().digest());
            assertShown(one, other);
            assertShown(other, one);
        }
    }

    /// In the words of the manifests, wherever their clusters read them alike.
    private static void assertShown(Policy here, Policy there) {
        var differences = Policies.differences(here, there);
        assertThat(differences)
                .isNotEmpty()
                .noneMatch(
                        it ->
                                it instanceof Changed(_, var ours, var theirs)
                                        && ours.equals(theirs));
        if (here.spec().reading().equals(there.spec().reading())) {
            assertThat(differences)
                    .as("no statements")
                    .allSatisfy(it -> assertThat(it.toString()).doesNotContain(" | "));
        }
    }

    private static int differences(Policy one, Policy other) {
        return Policies.differences(one, other).size();
    }
}
