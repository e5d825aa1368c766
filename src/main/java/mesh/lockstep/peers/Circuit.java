package mesh.lockstep.peers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import mesh.lockstep.policy.PolicyKey;
import org.jspecify.annotations.Nullable;

/// Keeps questions from a peer that does not answer. It opens for one namespace when some questions
/// in a row about its policies were left unanswered, and for all only when the peer did not even
/// say who it is: what is asked about the policies of one namespace, its tenant may have a hand in.
///
/// Questions that were in progress together count once, and not at all if the peer answered
/// something meanwhile: then it is there, and either we or the network between us are slow.
final class Circuit {

    private static final int UNANSWERED = 3;

    /// That are kept in mind; then the first is forgotten, and so asked about again.
    static final int NAMESPACES = 256;

    private final LongSupplier nanoTime;
    private final Semaphore opened = new Semaphore(0);

    /// By namespace, those last to which it happened last.
    private final Map<String, Unanswered> unanswered = new LinkedHashMap<>();

    private volatile boolean silent;

    /// When it answered last.
    private long answeredAt;

    /// When the first question was asked after the last answer.
    private volatile @Nullable Long owedSince;

    /// @param inARow how many questions
    /// @param last of them
    /// @param at when its time was over
    private record Unanswered(int inARow, PolicyKey last, long at) {}

    Circuit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        answeredAt = nanoTime.getAsLong() - 1;
    }

    /// For the policies of a namespace.
    synchronized boolean isOpen(String namespace) {
        var left = unanswered.get(namespace);
        return silent || (left != null && left.inARow() >= UNANSWERED);
    }

    /// For anything.
    synchronized boolean isOpen() {
        return silent
                || unanswered.values().stream()
                        .anyMatch(unanswered -> unanswered.inARow() >= UNANSWERED);
    }

    /// A question goes to the peer.
    ///
    /// @return the moment
    long asked() {
        long now = nanoTime.getAsLong();
        if (owedSince == null) {
            owedSince = now;
        }
        return now;
    }

    /// Whether it answered any question about a policy since that moment.
    synchronized boolean hasAnsweredSince(long moment) {
        return answeredAt - moment >= 0;
    }

    /// The peer answered a question about a policy of that namespace, whatever it said.
    synchronized void answered(String namespace) {
        unanswered.remove(namespace);
        silent = false;
        owedSince = null;
        answeredAt = nanoTime.getAsLong();
    }

    /// The peer left a question unanswered, and had its time.
    ///
    /// @param since when it was asked
    synchronized void unanswered(PolicyKey key, long since) {
        var before = unanswered.get(key.namespace());
        if (hasAnsweredSince(since) || (before != null && before.at() - since > 0)) {
            return;
        }
        int inARow = before == null ? 1 : before.inARow() + 1;
        unanswered.remove(key.namespace());
        unanswered.put(key.namespace(), new Unanswered(inARow, key, nanoTime.getAsLong()));
        if (unanswered.size() > NAMESPACES) {
            unanswered.remove(unanswered.keySet().iterator().next());
        }
        if (inARow == UNANSWERED) {
            opened.release();
        }
    }

    /// The peer did not even say who it is.
    void silent() {
        silent = true;
        opened.release();
    }

    boolean isSilent() {
        return silent;
    }

    /// The peer said who it is.
    void heard() {
        silent = false;
    }

    /// The last question of each namespace that was left unanswered.
    synchronized List<PolicyKey> unanswered() {
        return unanswered.values().stream().map(Unanswered::last).toList();
    }

    /// For how long the peer has owed us an answer; zero if it owes none.
    Duration owing() {
        var since = owedSince;
        return since == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - since);
    }

    /// Waits, but not beyond the moment at which the circuit opens.
    void awaitOpening(Duration atMost) throws InterruptedException {
        if (opened.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            opened.drainPermits();
        }
    }
}
