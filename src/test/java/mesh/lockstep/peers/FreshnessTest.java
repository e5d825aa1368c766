package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class FreshnessTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final Freshness freshness = new Freshness(Duration.ofSeconds(60), clock::get);

    @Test
    void doubtsBeforeTheFirstSynchronization() {
        assertThat(freshness.doubt()).contains("first synchronization in progress");
        assertThat(freshness.synced()).isFalse();
        assertThat(freshness.lastHeard()).isEmpty();
    }

    @Test
    void saysWhyTheFirstSynchronizationDoesNotHappen() {
        freshness.lost("connection refused");

        assertThat(freshness.doubt()).contains("connection refused");
        assertThat(freshness.synced()).isFalse();
    }

    @Test
    void believesForAWhile() {
        freshness.inSync();
        pass(Duration.ofSeconds(60));

        assertThat(freshness.doubt()).isEmpty();
    }

    @Test
    void doubtsWhatIsStale() {
        freshness.inSync();
        pass(Duration.ofSeconds(75));

        assertThat(freshness.doubt()).contains("not heard from for 75 s");
    }

    @Test
    void believesOnWhenItHearsSomething() {
        freshness.inSync();
        pass(Duration.ofSeconds(50));
        freshness.heard();
        pass(Duration.ofSeconds(50));

        assertThat(freshness.doubt()).isEmpty();
    }

    @Test
    void doubtsAtOnceWhenThePeerIsLost() {
        freshness.inSync();
        freshness.lost("connection refused");

        assertThat(freshness.doubt()).contains("connection refused");
        assertThat(freshness.synced()).isTrue();
    }

    @Test
    void trustsAgainAfterAnotherSynchronization() {
        freshness.inSync();
        freshness.lost("connection refused");
        pass(Duration.ofMinutes(5));
        freshness.inSync();

        assertThat(freshness.doubt()).isEmpty();
    }

    @Test
    void knowsSinceWhenItDoubts() {
        freshness.inSync();
        pass(Duration.ofSeconds(50));
        freshness.lost("connection refused");
        pass(Duration.ofSeconds(20));
        // Another cause is not a new doubt.
        freshness.lost("no route to host");
        pass(Duration.ofSeconds(10));

        assertThat(freshness.unchanged()).hasSeconds(30);
        assertThat(freshness.isFresh()).isFalse();
    }

    @Test
    void knowsSinceWhenItIsStale() {
        freshness.inSync();
        pass(Duration.ofSeconds(75));

        assertThat(freshness.unchanged()).hasSeconds(15);
    }

    @Test
    void knowsSinceWhenItBelieves() {
        freshness.lost("connection refused");
        pass(Duration.ofSeconds(5));
        freshness.inSync();
        pass(Duration.ofSeconds(30));
        freshness.inSync();
        freshness.heard();
        pass(Duration.ofSeconds(10));
        assertThat(freshness.unchanged()).hasSeconds(40);

        pass(Duration.ofSeconds(100));
        freshness.heard();
        pass(Duration.ofSeconds(7));
        assertThat(freshness.unchanged()).hasSeconds(7);
    }

    @Test
    void knowsWhenThePeerWasHeardFrom() {
        freshness.inSync();
        pass(Duration.ofSeconds(30));

        assertThat(freshness.lastHeard().orElseThrow())
                .isCloseTo(
                        Instant.now().minusSeconds(30), Assertions.within(5, ChronoUnit.SECONDS));
    }

    /// The clock starts just before it overflows, as [System#nanoTime] may.
    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
