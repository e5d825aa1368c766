package mesh.lockstep.beside;

import static mesh.lockstep.support.Waiting.LATER;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import mesh.lockstep.support.Memory;

/// The process of a webhook.
interface Running extends AutoCloseable {

    ProcessHandle process();

    /// Where it takes reviews, on loopback, by TLS.
    int port();

    /// Whether it says that it is ready, or throws.
    boolean ready();

    /// Asks often enough to tell when it was.
    default void awaitReady() {
        await().atMost(LATER)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .ignoreExceptions()
                .until(this::ready);
    }

    /// What it has used of a processor, in ms.
    default double used() {
        return process().info().totalCpuDuration().orElseThrow().toMillis();
    }

    /// Its anonymous memory, in MiB.
    default double anonymous() {
        return (double) Memory.of(process()).anonymous() / (1 << 20);
    }

    @Override
    void close();
}
