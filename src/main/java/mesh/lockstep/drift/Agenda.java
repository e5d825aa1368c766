package mesh.lockstep.drift;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import mesh.lockstep.policy.PolicyKey;

/// When policies are to be looked at. Any number of threads put.
final class Agenda {

    private static final Comparator<Map.Entry<PolicyKey, Instant>> ORDER =
            Map.Entry.<PolicyKey, Instant>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey());

    private final Map<PolicyKey, Instant> due = new ConcurrentHashMap<>();

    /// Has it looked at then, or earlier if that is planned already.
    void put(PolicyKey key, Instant at) {
        due.putIfAbsent(key, at);
    }

    void remove(PolicyKey key) {
        due.remove(key);
    }

    /// What is due: in each group the longest overdue first, of equals by their keys, so that all
    /// replicas choose the same; and the groups in turns, so that none waits for all of another.
    /// They stay planned.
    List<PolicyKey> due(Instant now, Function<PolicyKey, String> group) {
        var groups = new LinkedHashMap<String, ArrayDeque<PolicyKey>>();
        due.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .sorted(ORDER)
                .map(Map.Entry::getKey)
                .forEach(
                        key ->
                                groups.computeIfAbsent(group.apply(key), _ -> new ArrayDeque<>())
                                        .add(key));
        var inTurns = new ArrayList<PolicyKey>();
        while (!groups.isEmpty()) {
            groups.values().forEach(deque -> inTurns.add(deque.remove()));
            groups.values().removeIf(ArrayDeque::isEmpty);
        }
        return inTurns;
    }
}
