package mesh.lockstep.peers;

import java.util.HashMap;
import java.util.Map;
import mesh.lockstep.peers.DigestStore.Held;
import mesh.lockstep.policy.PolicyKey;

/// How much memory may be taken by what is kept of all members together. What several hold alike
/// counts once, and for each of them its place in a map.
///
/// The one beyond it is the one that takes more than an equal part: a member that fills it harms
/// itself.
final class MemoryAllowance {

    /// The weight of an entry that another member holds as well.
    private static final int PLACE = 100;

    private final long most;
    private final Map<Held, Integer> holders = new HashMap<>();
    private long taken;
    private int shares;

    /// @param most bytes
    MemoryAllowance(long most) {
        this.most = most;
    }

    /// The part of one store.
    synchronized Share share() {
        shares++;
        return new Share();
    }

    synchronized long taken() {
        return taken;
    }

    /// What one store takes of it.
    final class Share implements AutoCloseable {

        private boolean closed;

        /// Whether a store of this weight has to give up some of it.
        boolean isExceeded(long weight) {
            synchronized (MemoryAllowance.this) {
                return taken > most && weight > most / Math.max(1, shares);
            }
        }

        void add(PolicyKey key, Held held) {
            synchronized (MemoryAllowance.this) {
                int before = holders.getOrDefault(held, 0);
                holders.put(held, before + 1);
                taken += before == 0 ? held.weight(key) : PLACE;
            }
        }

        void remove(PolicyKey key, Held held) {
            synchronized (MemoryAllowance.this) {
                int left = holders.getOrDefault(held, 0) - 1;
                if (left > 0) {
                    holders.put(held, left);
                } else {
                    holders.remove(held);
                }
                taken -= left == 0 ? held.weight(key) : PLACE;
            }
        }

        /// To be called when what was added is removed, once for all.
        @Override
        public void close() {
            synchronized (MemoryAllowance.this) {
                if (!closed) {
                    closed = true;
                    shares--;
                }
            }
        }
    }
}
