package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InflowTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final Inflow inflow = new Inflow(now::get);

    @Test
    void takesABurstOfLargeEvents() {
        assertThat(taken(1024 * 1024)).isEqualTo(63);
    }

    @Test
    void takesABurstOfSmallEvents() {
        assertThat(taken(100)).isBetween(31_000, 32_000);
    }

    @Test
    void takesMoreAfterAWhileAndNoMoreThanABurst() {
        taken(100);

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(taken(100)).isBetween(900, 1_000);
        now.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(taken(100)).isBetween(31_000, 32_000);
    }

    private int taken(int size) {
        int taken = 0;
        while (inflow.takes(size)) {
            taken++;
        }
        return taken;
    }
}
