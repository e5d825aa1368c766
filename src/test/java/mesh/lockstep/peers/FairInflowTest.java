package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FairInflowTest {

    private static final int LARGE = 1_400_000;

    private final FairInflow inflow = new FairInflow(() -> 0);
    private final Set<String> givenUp = new HashSet<>();

    @Test
    void givesUpWhereMostHappensAndFollowsTheOthers() {
        assertThat(takes("quiet", 20_000)).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(takes("noisy", LARGE)).isTrue();
            assertThat(takes("quiet", 20_000)).isTrue();
        }

        assertThat(givenUp).containsExactly("noisy");
    }

    /// What it took is given back once.
    @Test
    void givesUpTheNextWhenThereIsAgainTooMuch() {
        for (int i = 0; i < 30; i++) {
            assertThat(takes("first", LARGE)).isTrue();
        }
        for (int i = 0; i < 29; i++) {
            assertThat(takes("second", LARGE)).isTrue();
        }
        assertThat(givenUp).containsExactly("first");
        for (int i = 0; i < 19; i++) {
            assertThat(takes("third", LARGE)).isTrue();
        }

        assertThat(givenUp).containsExactlyInAnyOrder("first", "second");
    }

    /// The one that comes when nothing is left is not the one that took it.
    @Test
    void dropsNobodyThatComesLast() {
        while (givenUp.isEmpty()) {
            assertThat(takes("noisy", LARGE / 2)).isTrue();
            assertThat(takes("quiet", LARGE / 4)).isTrue();
            assertThat(inflow.takes(1_000, givenUp::add)).isTrue();
        }

        assertThat(givenUp).containsExactly("noisy");
    }

    @Test
    void endsWhatIsOfNoNamespaceInParticular() {
        assertThat(takes("quiet", LARGE)).isTrue();
        int taken = 0;
        while (inflow.takes(LARGE, givenUp::add)) {
            taken++;
        }

        assertThat(taken).isBetween(40, 48);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void endsWhatIsTooMuchEvenToBePassedOver() {
        int taken = 0;
        while (takes("noisy", LARGE)) {
            taken++;
        }

        assertThat(taken).isBetween(700, 900);
    }

    @Test
    void countsAnewWhenAllWasListed() {
        for (int i = 0; i < 30; i++) {
            assertThat(takes("before", LARGE)).isTrue();
        }
        inflow.anew();
        for (int i = 0; i < 20; i++) {
            assertThat(takes("now", LARGE)).isTrue();
        }

        assertThat(givenUp).containsExactly("now");
    }

    @Test
    void alsoCountsWhatIsOfNoNamespaceAgain() {
        for (int i = 0; i < 30; i++) {
            assertThat(inflow.takes(LARGE, givenUp::add)).isTrue();
        }
        inflow.anew();
        for (int i = 0; i < 20; i++) {
            assertThat(takes("now", LARGE)).isTrue();
        }

        assertThat(givenUp).containsExactly("now");
    }

    /// What is counted of each of them is memory.
    @Test
    void countsThoseBeyondWhatAnyClusterHasAsNoneInParticular() {
        int taken = 0;
        while (taken < 100_000 && takes("namespace-" + taken, 1)) {
            taken++;
        }

        assertThat(taken).isBetween(32_000, 33_000);
        assertThat(givenUp).isEmpty();
    }

    private boolean takes(String namespace, int size) {
        return inflow.takes(namespace, size, givenUp::contains, givenUp::add);
    }
}
