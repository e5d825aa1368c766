package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;

/// Which policies have a report of their own: a limited number for each member that it is about. A
/// peer that claims thousands of policies neither fills the API server nor takes the place of a
/// policy that differs from another peer. The others are counted.
///
/// For one thread.
final class Shares {

    static final int PER_PEER = 1000;

    private static final int NAMED = 5;

    /// Against which peer it is held.
    private final Map<PolicyKey, ClusterName> granted = new HashMap<>();

    private final Map<PolicyKey, ClusterName> beyond = new HashMap<>();
    private final Map<ClusterName, Integer> used = new HashMap<>();

    /// Policies that differ from a member, or that it does not enforce, and that have no report of
    /// their own.
    ///
    /// @param names of the first of them
    record Rest(int count, List<String> names) {

        String named() {
            return String.join(", ", names) + (count > names.size() ? " and others" : "");
        }
    }

    /// Whether the policy is to have a report of its own. It is held against that member about
    /// which there are the fewest.
    ///
    /// @param reported whether it has one: then it keeps it, also if another replica made it
    boolean grant(Condition condition, boolean reported) {
        var key = condition.key();
        var held = granted.get(key);
        if (held != null && condition.concerned().anyMatch(held::equals)) {
            return true;
        }
        release(key);
        var peer = least(condition).orElseThrow();
        if (reported || uses(peer) < PER_PEER) {
            granted.put(key, peer);
            used.merge(peer, 1, Integer::sum);
            return true;
        }
        beyond.put(key, peer);
        return false;
    }

    /// Of the members that it is about, the one about which there are the fewest.
    private Optional<ClusterName> least(Condition condition) {
        return condition.concerned().min(Comparator.comparingInt(this::uses));
    }

    private int uses(ClusterName peer) {
        return used.getOrDefault(peer, 0);
    }

    /// There is nothing to report any more.
    void release(PolicyKey key) {
        beyond.remove(key);
        var peer = granted.remove(key);
        if (peer != null) {
            used.merge(peer, -1, Integer::sum);
        }
    }

    /// Against which member it is held, or would be; empty where there is nothing to report.
    Optional<ClusterName> peer(PolicyKey key, Optional<Condition> condition) {
        return Optional.ofNullable(granted.get(key)).or(() -> condition.flatMap(this::least));
    }

    /// Policies that had no report and may have one by now.
    List<PolicyKey> next() {
        var room = new HashMap<ClusterName, Integer>();
        var next = new ArrayList<PolicyKey>();
        beyond.forEach(
                (key, peer) -> {
                    var left = room.computeIfAbsent(peer, name -> PER_PEER - uses(name));
                    if (left > 0) {
                        room.put(peer, left - 1);
                        next.add(key);
                    }
                });
        return next;
    }

    /// By peer; none for a peer of whose policies all have a report.
    SortedMap<ClusterName, Rest> rest() {
        var keys = new TreeMap<ClusterName, List<PolicyKey>>();
        beyond.forEach((key, peer) -> keys.computeIfAbsent(peer, _ -> new ArrayList<>()).add(key));
        var rest = new TreeMap<ClusterName, Rest>();
        keys.forEach((peer, them) -> rest.put(peer, rest(them)));
        return rest;
    }

    private static Rest rest(List<PolicyKey> keys) {
        var names = keys.stream().sorted().limit(NAMED).map(PolicyKey::qualifiedName).toList();
        return new Rest(keys.size(), names);
    }
}
