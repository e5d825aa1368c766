package mesh.lockstep.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;

/// What something costs, on this thread: waiting for a busy machine does not count.
public final class Effort {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Effort() {}

    /// What was used.
    ///
    /// @param nanos of a processor's time
    /// @param bytes allocated, whether or not they are kept
    public record Cost(long nanos, long bytes) {

        boolean isWithin(Cost most) {
            return nanos <= most.nanos && bytes <= most.bytes;
        }

        void assertIsNotExceeded(Cost other) {
            assertThat(other).matches(it -> it.isWithin(this), "is within " + this);
        }
    }

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
        return within(new Cost(atMost.toNanos(), Long.MAX_VALUE), task);
    }

    /// Does it, on this thread, and fails if that takes more bytes of memory, all that it throws
    /// away again included.
    public static <T> T allocating(long atMost, Supplier<T> task) {
        return within(new Cost(Long.MAX_VALUE, atMost), task);
    }

    /// What seems to cost too much is done once more: the first time, classes may be loaded, which
    /// Jazzer changes on this thread.
    private static <T> T within(Cost most, Supplier<T> task) {
        var results = new ArrayList<T>();
        if (!of(() -> results.add(task.get())).isWithin(most)) {
            most.assertIsNotExceeded(of(() -> results.add(task.get())));
        }
        return results.getLast();
    }
}
