package mesh.lockstep.peers;

import java.util.HashMap;
import java.util.Map;

/// Places for those of many namespaces. A namespace may have as many as are left free: half of them
/// while it is alone, a third while there are two; and as they come and go, there is soon one for
/// the next (the dynamic thresholds of Choudhury and Hahne, for queues that share a memory).
///
/// For one thread at a time.
final class Places {

    private final Map<String, Integer> taken = new HashMap<>();
    private int free;

    Places(int number) {
        free = number;
    }

    /// Takes a place, to be given back by [#leave].
    ///
    /// @return whether there is one
    boolean enter(String namespace) {
        int own = taken.getOrDefault(namespace, 0);
        if (own >= free) {
            return false;
        }
        taken.put(namespace, own + 1);
        free--;
        return true;
    }

    void leave(String namespace) {
        taken.computeIfPresent(namespace, (_, own) -> own > 1 ? own - 1 : null);
        free++;
    }
}
