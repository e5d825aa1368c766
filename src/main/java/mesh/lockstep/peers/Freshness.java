package mesh.lockstep.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Whether what is remembered of a peer can be believed: a clock that says when it was last heard
/// from, and the trouble it is in. Written by one thread, read by any.
final class Freshness {

    static final String FIRST_SYNCHRONIZATION = "first synchronization in progress";

    private final Duration staleAfter;
    private final LongSupplier nanoTime;

    private volatile @Nullable String trouble = FIRST_SYNCHRONIZATION;
    private volatile boolean synced;
    private volatile @Nullable Long heardAt;

    /// When doubt began, or ended.
    private volatile long turnedAt;

    Freshness(Duration staleAfter, LongSupplier nanoTime) {
        this.staleAfter = staleAfter;
        this.nanoTime = nanoTime;
        this.turnedAt = nanoTime.getAsLong();
    }

    /// The peer said something.
    void heard() {
        if (isStale()) {
            turnedAt = nanoTime.getAsLong();
        }
        heardAt = nanoTime.getAsLong();
    }

    /// What is remembered is what the peer has, from now on until [#lost].
    void inSync() {
        heard();
        if (trouble != null) {
            turnedAt = nanoTime.getAsLong();
        }
        synced = true;
        trouble = null;
    }

    void lost(String cause) {
        if (doubt().filter(text -> !text.equals(FIRST_SYNCHRONIZATION)).isEmpty()) {
            turnedAt = nanoTime.getAsLong();
        }
        trouble = cause;
    }

    /// Why not to trust it; empty if there is no reason.
    Optional<String> doubt() {
        var present = trouble;
        if (present != null) {
            return Optional.of(present);
        }
        return age().filter(age -> age.compareTo(staleAfter) > 0)
                .map(age -> "not heard from for " + age.toSeconds() + " s");
    }

    /// Whether the first synchronization is over, whatever came after.
    boolean synced() {
        return synced;
    }

    Optional<Instant> lastHeard() {
        return age().map(age -> Instant.now().minus(age));
    }

    /// For how long there has been doubt, or none.
    Duration unchanged() {
        var since = Duration.ofNanos(nanoTime.getAsLong() - turnedAt);
        return trouble == null && isStale()
                ? age().map(age -> age.minus(staleAfter)).orElse(since)
                : since;
    }

    /// Whether the peer was heard from lately, whatever trouble there is.
    boolean isFresh() {
        return heardAt != null && !isStale();
    }

    private boolean isStale() {
        return age().filter(age -> age.compareTo(staleAfter) > 0).isPresent();
    }

    private Optional<Duration> age() {
        return Optional.ofNullable(heardAt)
                .map(then -> Duration.ofNanos(nanoTime.getAsLong() - then));
    }
}
