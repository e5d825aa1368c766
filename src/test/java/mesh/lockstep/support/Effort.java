package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

/// What something costs, on this thread: waiting for a busy machine does not count.
public final class Effort {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Effort() {}

    /// What was used.
    ///
    /// @param nanos of a processor's time
    /// @param bytes allocated, whether or not they are kept
    public record Cost(long nanos, long bytes) {}

    public static Cost of(Runnable task) {
        var nanos = THREADS.getCurrentThreadCpuTime();
        var bytes = THREADS.getCurrentThreadAllocatedBytes();
        task.run();
        return new Cost(
                THREADS.getCurrentThreadCpuTime() - nanos,
                THREADS.getCurrentThreadAllocatedBytes() - bytes);
    }

    /// Does it, and fails if that takes more of a processor's time.
    public static <T> T within(Duration atMost, Supplier<T> task) {
        var begun = THREADS.getCurrentThreadCpuTime();
        var result = task.get();
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begun)).isLessThan(atMost);
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
