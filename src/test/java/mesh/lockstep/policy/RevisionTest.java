package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {

    private static final Instant NOW = Instant.parse("2026-12-31T23:59:59Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "007, 7",
        "' 7 ', 7",
        "1798761599, 1798761599",
        "1798761599000, 1798761599000",
        "20261231, 20261231",
        "20261231235959, 20261231235959",
        "20270101235959, 20270101235959",
    })
    void aCounterOrATimeIsARevision(String written, long number) {
        assertThat(Revision.parse(written, NOW)).contains(new Revision(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.0",
                "1e3",
                "seven",
                "1 2",
                "\u0661",
                "20270102000000",
                "999999999999999999",
                "9999999999999999999",
                "99999999999999999999",
            })
    void nothingElseIsARevision(String written) {
        assertThat(Revision.parse(written, NOW)).isEmpty();
    }

    @Test
    void manyDigitsAreReadInOneGo() {
        assertThat(Revision.parse("0".repeat(1_000_000) + "7", NOW)).contains(new Revision(7));
        assertThat(Revision.parse("9".repeat(1_000_000), NOW)).isEmpty();
        assertThat(Revision.parse("0".repeat(1_000_000) + "x", NOW)).isEmpty();
    }

    /// Whatever somebody has raised a revision to, a second later there is one above.
    @Test
    void nobodyHasTheLastWord() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var then = Instant.ofEpochSecond(random.nextLong(0, 32_503_680_000L)); // the year 3000
            var above = Long.toString(Revision.highest(then).number() + 1);

            assertThat(Revision.parse(above, then)).isEmpty();
            assertThat(Revision.parse(above, then.plusSeconds(1)))
                    .as("%s after %s", above, then)
                    .isPresent();
        }
    }
}
