package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Backoff backoff = new Backoff(FIRST, LONGEST);

    @Test
    void waitsTwiceAsLongEachTimeUpToTheLongest() {
        for (var most = FIRST; most.compareTo(LONGEST) < 0; most = most.multipliedBy(2)) {
            assertThat(next()).isBetween(most.dividedBy(2), most);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(next()).isBetween(LONGEST.dividedBy(2), LONGEST);
        }
    }

    @Test
    void startsOverWhenItWorkedInBetween() {
        for (int i = 0; i < 10; i++) {
            next();
        }
        backoff.reset();

        assertThat(next()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void waitsAsLongAsThePeerWantsWithinReason() {
        assertThat(backoff.taken(Duration.ofSeconds(7)))
                .isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        assertThat(backoff.taken(Duration.ofDays(1)))
                .isBetween(Duration.ofMinutes(1), Duration.ofSeconds(70));
    }

    @Test
    void twoDoNotComeBackAsOne() {
        var another = new Backoff(FIRST, LONGEST);
        int same = 0;
        for (int i = 0; i < 20; i++) {
            same += next().equals(another.taken(Duration.ZERO)) ? 1 : 0;
        }

        assertThat(same).isLessThan(5);
    }

    private Duration next() {
        return backoff.taken(Duration.ZERO);
    }
}
