package mesh.lockstep.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.oracle.Pair;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Meaning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is shown of two policies that differ has the effect of all their differences, and no part
/// of it has.
@Tag("slow")
class SettlingTest {

    private static final int PAIRS = 10_000;

    /// Differences of which each part is tried.
    private static final int MOST = 10;

    @Test
    void allOfWhatIsShownIsNeeded() {
        var explained = explained().toList();

        assertThat(explained).hasSizeGreaterThan(PAIRS / 3);
        assertThat(explained).filteredOn(it -> !it.isEffect(it.smallest())).isEmpty();
        assertThat(explained).filteredOn(it -> it.parts().anyMatch(it::isEffect)).isEmpty();
    }

    /// Those of random pairs whose texts explain what differs.
    private static Stream<Explained> explained() {
        return IntStream.range(0, PAIRS)
                .mapToObj(i -> Pair.random(7, i))
                .filter(it -> !it.same())
                .flatMap(it -> explained(it).stream());
    }

    private static Optional<Explained> explained(Pair pair) {
        var settling = settling(pair);
        var all = new BitSet();
        all.set(0, settling.comparison().choices().count());
        var effect = settling.meaning(all).orElseThrow();
        return settling.meaning(new BitSet()).filter(effect::equals).isPresent()
                ? Optional.empty()
                : Optional.of(
                        new Explained(pair, settling, effect, settling.smallest(all, effect)));
    }

    private record Explained(Pair pair, Settling settling, Meaning effect, BitSet smallest) {

        boolean isEffect(BitSet settled) {
            return settling.meaning(settled).filter(effect::equals).isPresent();
        }

        /// All that are not the whole.
        Stream<BitSet> parts() {
            var numbers = smallest.stream().limit(MOST).toArray();
            return IntStream.range(0, (1 << numbers.length) - 1).mapToObj(it -> part(numbers, it));
        }

        private BitSet part(int[] numbers, int which) {
            var part = (BitSet) smallest.clone();
            for (int i = 0; i < numbers.length; i++) {
                part.set(numbers[i], (which & (1 << i)) != 0);
            }
            return part;
        }
    }

    private static Settling settling(Pair pair) {
        var deadline = Deadline.in(Duration.ofMinutes(5));
        var trial = new Trial(pair.one(), pair.other(), new Budget(Long.MAX_VALUE, deadline));
        var budget = new Budget(Long.MAX_VALUE, deadline);
        var comparison =
                new Comparison(pair.one().spec(), pair.other().spec(), trial, budget, false);
        return new Settling(comparison, trial);
    }
}
