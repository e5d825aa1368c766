package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
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

    /// Does it, on this thread, and fails if that takes more bytes of memory, all that it throws
    /// away again included.
    public static <T> T allocating(long atMost, Supplier<T> task) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var begun = threads.getCurrentThreadAllocatedBytes();
        var result = task.get();
        assertThat(threads.getCurrentThreadAllocatedBytes() - begun).isLessThan(atMost);
        return result;
    }
}
