package mesh.lockstep.vigil;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Keeps all long-lived threads going, and knows when each last turned. What dies of anything is
/// started again, after growing pauses of up to a minute; what is stuck is told, since nothing in
/// here could help it.
@Singleton
public final class Vigil {

    /// That of the JVM itself under `-XX:+ExitOnOutOfMemoryError`.
    private static final int EXIT_OUT_OF_MEMORY = 3;

    private final Duration firstPause;
    private final LongSupplier nanoTime;
    private final Runnable outOfMemory;
    private final Set<Kept> kept = ConcurrentHashMap.newKeySet();
    private final Map<Duty, LongAdder> restarts = new EnumMap<>(Duty.class);

    /// How much longer than necessary this process is patient, at random, up to half as long again:
    /// replicas with the same trouble should not be restarted at the same moment.
    private final double lenience;

    public Vigil() {
        this(
                Duration.ofSeconds(1),
                System::nanoTime,
                () -> Runtime.getRuntime().halt(EXIT_OUT_OF_MEMORY),
                1 + ThreadLocalRandom.current().nextDouble() / 2);
    }

    Vigil(Duration firstPause, LongSupplier nanoTime, Runnable outOfMemory, double lenience) {
        this.firstPause = firstPause;
        this.nanoTime = nanoTime;
        this.outOfMemory = outOfMemory;
        this.lenience = lenience;
        for (var duty : Duty.values()) {
            restarts.put(duty, new LongAdder());
        }
    }

    /// Starts work on a virtual thread of its own.
    public Kept keep(Duty duty, String name, Work work) {
        return keep(duty, name, duty.patience(), work);
    }

    /// The same for work that may be silent for longer than its duty says.
    public Kept keep(Duty duty, String name, Duration patience, Work work) {
        var lenient = Duration.ofNanos((long) (patience.toNanos() * lenience));
        var started = new Kept(duty, name, lenient, work, this);
        kept.add(started);
        started.start();
        return started;
    }

    /// The longest silence of the threads with this duty; empty if there are none.
    public Optional<Duration> silence(Duty duty) {
        return all(duty).map(Kept::silence).max(Duration::compareTo);
    }

    /// The threads with this duty that are stuck.
    public List<Kept> stuck(Duty duty) {
        return all(duty).filter(Kept::isStuck).toList();
    }

    /// How often threads with this duty ended and were restarted.
    public long restarts(Duty duty) {
        return count(duty).sum();
    }

    private Stream<Kept> all(Duty duty) {
        return kept.stream().filter(kept -> kept.duty() == duty);
    }

    private LongAdder count(Duty duty) {
        return Objects.requireNonNull(restarts.get(duty));
    }

    /// Ends them all, without waiting.
    @PreDestroy
    void close() {
        kept.forEach(Kept::close);
    }

    Duration firstPause() {
        return firstPause;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    void endedUnasked(Duty duty) {
        count(duty).increment();
    }

    void outOfMemory() {
        outOfMemory.run();
    }

    void left(Kept one) {
        kept.remove(one);
    }
}
