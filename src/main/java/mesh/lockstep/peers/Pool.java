package mesh.lockstep.peers;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import mesh.lockstep.policy.PolicyKey;
import org.jspecify.annotations.Nullable;

/// Keeps one of several equal values, for as long as anybody uses it: most peers hold the same
/// policies.
///
/// Whoever names policies can give thousands of keys one hash code, which a [java.util.WeakHashMap]
/// would look through one after the other. So the hash codes of keys are ones that nobody can
/// choose.
public final class Pool {

    private final SecretHash secret = new SecretHash();
    private final Map<Entry, Entry> known = new HashMap<>();
    private final ReferenceQueue<Object> unused = new ReferenceQueue<>();

    /// The one that is kept.
    synchronized <T> T shared(T value) {
        forgetUnused();
        var entry = new Entry(value, hash(value), unused);
        var before = known.putIfAbsent(entry, entry);
        var kept = before == null ? null : before.get();
        if (kept == null) {
            return value;
        }
        @SuppressWarnings("unchecked") // equal records are of one class
        var same = (T) kept;
        return same;
    }

    synchronized int size() {
        forgetUnused();
        return known.size();
    }

    private void forgetUnused() {
        for (var next = unused.poll(); next != null; next = unused.poll()) {
            if (next instanceof Entry entry) {
                var _ = known.remove(entry);
            }
        }
    }

    private int hash(Object value) {
        return value instanceof PolicyKey key
                ? Long.hashCode(secret.of(secret.of(1, key.namespace()), key.name()))
                : value.hashCode();
    }

    /// Equal to itself, and while what it leads to is used, to one that leads to an equal thing.
    private static final class Entry extends WeakReference<Object> {

        private final int hash;

        Entry(Object value, int hash, ReferenceQueue<Object> unused) {
            super(value, unused);
            this.hash = hash;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Entry entry)) {
                return false;
            }
            if (this == entry) {
                return true;
            }
            var mine = get();
            return hash == entry.hash && mine != null && mine.equals(entry.get());
        }
    }
}
