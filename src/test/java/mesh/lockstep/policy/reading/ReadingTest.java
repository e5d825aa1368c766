package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.PolicyPair;
import org.junit.jupiter.api.Test;

/// Digests are remembered beyond the end of a process, with the number of the reading that made
/// them. A change that gives the policies under `equality/` other digests needs another number: an
/// older history would be taken for what it is not.
///
/// `make golden` adds policies that are new, and rewrites all of them when the number changes.
class ReadingTest {

    private static final Path DIGESTS = Path.of("src/test/resources/reading/digests.txt");
    private static final Path EQUALITY = Path.of("src/test/resources/equality");

    @Test
    void anotherDigestIsAnotherReading() throws IOException {
        var now = digests();
        var stored = Files.exists(DIGESTS) ? Files.readAllLines(DIGESTS) : List.<String>of();
        if ("write".equals(System.getProperty("golden"))
                && (!stored.contains(now.getFirst()) || now.containsAll(stored))) {
            Files.createDirectories(DIGESTS.getParent());
            Files.write(DIGESTS, now);
        }

        assertThat(Files.readAllLines(DIGESTS))
                .as("raise PolicyReader.READING if digests changed, then: make golden")
                .isEqualTo(now);
    }

    private static List<String> digests() throws IOException {
        var lines = new ArrayList<>(List.of("reading " + PolicyReader.READING));
        for (var file : EqualityFilesTest.files()) {
            var pair = PolicyPair.of(file);
            lines.add(
                    EQUALITY.relativize(file)
                            + " "
                            + digest(pair.one())
                            + " "
                            + digest(pair.other()));
        }
        return lines;
    }

    private static String digest(Policy policy) {
        return policy.version().digest().abbreviated();
    }
}
