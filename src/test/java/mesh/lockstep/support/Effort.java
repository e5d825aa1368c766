package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

/// What something costs.
public final class Effort {

    private Effort() {}

    /// Does it, on this thread, and fails if that takes more of a processor's time: waiting for a
    /// busy machine does not count.
    public static <T> T within(Duration atMost, Supplier<T> task) {
        var threads = ManagementFactory.getThreadMXBean();
        var begun = threads.getCurrentThreadCpuTime();
        var result = task.get();
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - begun)).isLessThan(atMost);
        return result;
    }
}
