package mesh.lockstep.peers;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/// Keeps one of those that are equal, for as long as anybody uses it: most peers hold the same
/// policies.
final class Pool {

    private final Map<Object, WeakReference<Object>> known = new WeakHashMap<>();

    /// The one that is kept.
    synchronized <T> T shared(T value) {
        var reference = known.get(value);
        if (reference != null) {
            var kept = reference.get();
            if (kept != null) {
                @SuppressWarnings("unchecked") // equal records are of one class
                var same = (T) kept;
                return same;
            }
        }
        known.put(value, new WeakReference<>(value));
        return value;
    }

    synchronized int size() {
        return known.size();
    }
}
