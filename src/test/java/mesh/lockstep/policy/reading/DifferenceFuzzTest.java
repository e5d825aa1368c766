package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Effort;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever two policies say, finding where they differ costs little for what they say; and they
/// differ somewhere if, and only if, they mean two things.
@Tag("slow")
class DifferenceFuzzTest {

    private static final PolicyReader READER = new PolicyReader();
    private static final Duration BOUNDED = Duration.ofSeconds(10);

    /// What is allocated at most; reading a part again and again takes most of it.
    private static final long BYTES = 64L * 1024 * 1024;

    private static final long BYTES_FOR_EACH = 20L * 1024;

    /// Two documents with a line break between them.
    static Stream<byte[]> seeds() throws IOException {
        return EqualityFilesTest.files().stream().map(DifferenceFuzzTest::pair);
    }

    private static byte[] pair(Path file) {
        var pair = new ByteArrayOutputStream();
        for (var document : Yaml.readAll(file)) {
            pair.writeBytes(Yaml.json(document));
            pair.write('\n');
        }
        return pair.toByteArray();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void differs(byte[] pair) {
        var end = 0;
        while (end < pair.length && pair[end] != '\n') {
            end++;
        }
        var here = policy(Arrays.copyOfRange(pair, 0, end));
        var there = policy(Arrays.copyOfRange(pair, Math.min(end + 1, pair.length), pair.length));
        if (here.isPresent() && there.isPresent()) {
            compare(here.get(), there.get(), BYTES + BYTES_FOR_EACH * pair.length);
        }
    }

    private static void compare(Policy here, Policy there, long most) {
        var deadline = Deadline.in(Duration.ofMinutes(5));
        var differences =
                Effort.within(
                        BOUNDED,
                        () -> Effort.allocating(most, () -> Differ.between(here, there, deadline)));
        assertThat(differences.isNone()).isEqualTo(here.meaning().equals(there.meaning()));
    }

    private static Optional<Policy> policy(byte[] json) {
        try {
            return Optional.of(READER.read(Policies.KEY, StrictJson.read(json)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
