package mesh.lockstep.history;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Fingerprint;

/// What peers deleted lately: a watch knows nothing that was there before a creation. It is not
/// saved: after a restart, a creation in a peer comes from nothing.
///
/// Any number of threads write and read.
final class PeerDeletions {

    /// Some MB. Of more, nothing is concluded.
    private static final int MOST = 20_000;

    private final Map<Copy, Deletion> deletions = new ConcurrentHashMap<>();

    /// A policy in a peer.
    private record Copy(Fingerprint name, ClusterName peer) implements Comparable<Copy> {

        private static final Comparator<Copy> ORDER =
                Comparator.comparing(Copy::name).thenComparing(Copy::peer);

        @Override
        public int compareTo(Copy other) {
            return ORDER.compare(this, other);
        }
    }

    /// What a peer held until it was deleted there.
    ///
    /// @param at when that was seen, in ms since 1970
    /// @param isWatched whether it was watched; otherwise there may have been others after it
    record Deletion(Fingerprint version, long at, boolean isWatched) {}

    boolean isEmpty() {
        return deletions.isEmpty();
    }

    void put(Fingerprint name, ClusterName peer, Deletion deletion) {
        if (deletions.size() < MOST) {
            deletions.put(new Copy(name, peer), deletion);
        }
    }

    /// What the peer created there comes from; from then on, nothing does.
    ///
    /// @param longAgo deletions of that time and earlier ones do not count, in ms since 1970
    Optional<Deletion> take(Fingerprint name, ClusterName peer, long longAgo) {
        return Optional.ofNullable(deletions.remove(new Copy(name, peer)))
                .filter(deletion -> deletion.at() > longAgo);
    }

    /// Forgets deletions of that time and earlier ones, and those of policies that do not count.
    ///
    /// @param longAgo in ms since 1970
    /// @param counts by a policy's name
    void tidy(long longAgo, Predicate<Fingerprint> counts) {
        deletions
                .entrySet()
                .removeIf(
                        entry ->
                                entry.getValue().at() <= longAgo
                                        || !counts.test(entry.getKey().name()));
    }
}
