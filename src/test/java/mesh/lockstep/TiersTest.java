package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Which tests run when: by what their classes are called, and by tags.
class TiersTest {

    private static final Path TESTS = Path.of("src/test/java");
    private static final String ALONE = "@Tag(\"alone\")";
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]*)\"\\)");

    @Test
    void everyTagIsOneThatAVerbKnows() throws IOException {
        for (var text : texts(".java")) {
            assertThat(TAG.matcher(text).results().map(it -> it.group(1)))
                    .isSubsetOf("release", "native", "alone", "slow");
        }
    }

    /// Started once for all of them, in a process that nobody else uses.
    @Test
    void theApplicationIsStartedByIntegrationTestsThatRunAlone() throws IOException {
        assertThat(texts("Test.java")).noneMatch(TiersTest::startsTheApplication);
        assertThat(texts("IT.java"))
                .filteredOn(TiersTest::startsTheApplication)
                .hasSizeGreaterThan(5)
                .allMatch(it -> it.contains(ALONE));
    }

    private static boolean startsTheApplication(String text) {
        return text.contains("\n@QuarkusTest\n");
    }

    @Test
    void whatRunsAloneIsRunAfterTheOthers() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<excludedGroups>release,native,alone</excludedGroups>")
                .contains("<groups>alone</groups>")
                .contains("<skip.alone>false</skip.alone>");
    }

    private static List<String> texts(String ending) throws IOException {
        try (var files = Files.walk(TESTS)) {
            var texts = new ArrayList<String>();
            for (var file : files.filter(it -> it.toString().endsWith(ending)).toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }
}
