package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Vigil;
import org.junit.jupiter.api.Test;

class RehearsingTest {

    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    /// In less than no time: however quick it is, it is late.
    private static final Duration NEVER = Duration.ofSeconds(-1);

    private final AtomicInteger played = new AtomicInteger();
    private final AtomicInteger turned = new AtomicInteger();

    @Test
    void turnsWhenAVerdictCameInTime() {
        rehearse(LONG);

        assertThat(turned).hasPositiveValue();
    }

    @Test
    void doesNotTurnWhenAllVerdictsAreLate() {
        rehearse(NEVER);

        assertThat(turned).hasValue(0);
    }

    private void rehearse(Duration inTime) {
        var rehearsing = new Rehearsing(played::incrementAndGet, OFTEN, inTime);
        try (var _ =
                new Vigil()
                        .keep(
                                Duty.REHEARSAL,
                                "rehearsal",
                                _ -> rehearsing.run(turned::incrementAndGet))) {
            await().until(() -> played.get() > 3);
        }
    }
}
