package mesh.lockstep.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.oracle.Answer.Outcome;
import mesh.lockstep.oracle.Answer.Verdict;
import mesh.lockstep.oracle.StoredPairs.Stored;
import mesh.lockstep.support.Policies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our reading of policies against verdicts of Cilium's engine that were stored: the oracle itself
/// takes minutes to build. `make oracle` asks it again, `make oracle-stored` stores its answers.
class StoredPairsTest {

    private static final int DRAWN = 1981;
    private static final int GIVEN = 999;
    private static final int DRAWN_APART = 400;

    static List<Path> files() {
        return Stream.concat(ofAllFields().stream(), ofFewFields().stream()).toList();
    }

    private static List<Path> ofAllFields() {
        return List.of(StoredPairs.RANDOM, StoredPairs.MUTATED);
    }

    private static List<Path> ofFewFields() {
        return List.of(StoredPairs.MEETINGS, StoredPairs.NESTINGS);
    }

    @ParameterizedTest
    @MethodSource("files")
    void agreeWithCilium(Path file) {
        var isOfNestings = file.equals(StoredPairs.NESTINGS);
        var tally = isOfNestings ? new Tally(RandomNestings::isExplained) : new Tally();

        StoredPairs.read(file).forEach(it -> tally.add(it.pair(), it.answer()));

        assertThat(tally.disagreements()).as(tally.toString()).isEmpty();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("files")
    void partWhereTheyDifferAndOnlyThere(Path file) {
        for (var stored : StoredPairs.read(file)) {
            var one = stored.pair().one();
            var other = stored.pair().other();

            var differences = Policies.differences(one, other);

            assertThat(differences.isEmpty())
                    .as(stored.pair().id())
                    .isEqualTo(one.meaning().equals(other.meaning()));
        }
    }

    @Test
    void everyPairIsRead() throws IOException {
        assertThat(StoredPairs.read(StoredPairs.RANDOM)).hasSize(DRAWN);
        assertThat(StoredPairs.read(StoredPairs.MUTATED)).hasSize(GIVEN);
        assertThat(StoredPairs.read(StoredPairs.MEETINGS)).hasSize(DRAWN_APART);
        assertThat(StoredPairs.read(StoredPairs.NESTINGS)).hasSize(DRAWN_APART);
        try (var files = Files.list(StoredPairs.FOLDER)) {
            assertThat(files.filter(it -> it.toString().endsWith(".jsonl")))
                    .containsExactlyInAnyOrderElementsOf(files());
        }
    }

    /// A harness whose pairs are all of one kind would find nothing.
    @ParameterizedTest
    @MethodSource("ofFewFields")
    void manyPairsAreTheSameAndManyAreNot(Path file) {
        var pairs = StoredPairs.read(file);
        var fifth = pairs.size() / 5;

        assertThat(pairs).filteredOn(it -> it.verdict() == Verdict.SAME).hasSizeGreaterThan(fifth);
        assertThat(pairs)
                .filteredOn(
                        it ->
                                it.verdict() == Verdict.DIFFERENT
                                        || it.verdict() == Verdict.SAME_FLOWS)
                .hasSizeGreaterThan(fifth);
        assertThat(pairs)
                .filteredOn(it -> it.answer().against(false) == Outcome.INVALID)
                .hasSizeLessThan(fifth);
    }

    /// A harness whose pairs are all of one kind would find nothing.
    @ParameterizedTest
    @MethodSource("ofAllFields")
    void pairsAreOfEveryKind(Path file) {
        var pairs = StoredPairs.read(file);

        assertThat(pairs).filteredOn(it -> it.verdict() == Verdict.SAME).hasSizeGreaterThan(250);
        assertThat(pairs)
                .filteredOn(it -> it.verdict() == Verdict.DIFFERENT)
                .hasSizeGreaterThan(250);
        assertThat(pairs)
                .filteredOn(it -> it.answer().against(false) == Outcome.INVALID)
                .hasSizeLessThan(pairs.size() / 5);
    }

    @Test
    void drawTheSamePairsForTheSameSeed() {
        for (var index = 0; index < 200; index++) {
            assertThat(Pair.random(5, index)).isEqualTo(Pair.random(5, index));
            assertThat(RandomMeetings.pair(5, index)).isEqualTo(RandomMeetings.pair(5, index));
            assertThat(RandomNestings.pair(5, index)).isEqualTo(RandomNestings.pair(5, index));
        }
        assertThat(StoredPairs.read(StoredPairs.RANDOM))
                .extracting(Stored::pair)
                .doesNotHaveDuplicates();
    }
}
