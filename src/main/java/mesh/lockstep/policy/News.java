package mesh.lockstep.policy;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// What was said of each topic, so that a log says something once, and again when something else
/// was said in between. Any number of threads say.
public final class News<T extends Comparable<T>> {

    private final Map<T, Object> said = new ConcurrentHashMap<>();

    /// Whether this is another thing than what was said last; then it counts as said.
    public boolean isNew(T topic, Object what) {
        return !what.equals(said.put(topic, what));
    }

    /// Whatever is said next of this topic is new.
    public void forget(T topic) {
        said.remove(topic);
    }

    /// The same for all topics but these.
    ///
    /// @return what is forgotten, in order
    public Set<T> forgetAllBut(Set<T> topics) {
        var gone = new TreeSet<>(said.keySet());
        gone.removeAll(topics);
        gone.forEach(this::forget);
        return gone;
    }
}
