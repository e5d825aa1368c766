package mesh.lockstep.difference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import mesh.lockstep.policy.Lexicographic;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Reach;

/// Whether two policies that differ may nevertheless let the same through: one of them only says
/// again what it says more widely.
///
/// ```yaml
/// ingress: [{fromEntities: [all]}, {fromCIDR: [10.0.0.0/8]}]      ingress: [{fromEntities: [all]}]
/// ```
public final class Redundancy {

    /// For people, where it may be so.
    public static final String NOTE =
            "Another rule already covers the difference, so it may have no effect.";

    /// Steps of comparing two peers, or two kinds of traffic. Beyond it nothing is proven.
    private static final long MAX_STEPS = 1_000_000;

    private final SortedMap<List<String>, List<Reach>> wider =
            new TreeMap<>(Lexicographic.<String>natural());
    private long left = MAX_STEPS;

    private Redundancy(Meaning wider) {
        for (var statement : wider.statements()) {
            statement
                    .reach()
                    .ifPresent(
                            reach ->
                                    this.wider
                                            .computeIfAbsent(frame(reach), _ -> new ArrayList<>())
                                            .add(reach));
        }
    }

    /// True only where it is proven: each statement that one makes alone is covered by one
    /// statement that the other makes, of the same subject, direction and verdict.
    ///
    /// Nothing is proven where either is compared as written, or makes conditions (requests,
    /// authentication, TLS): Cilium merges those across rules, so that a wider rule does not make a
    /// narrower one superfluous.
    public static boolean mayBeWithoutEffect(Meaning here, Meaning there) {
        var onlyHere = without(here, there);
        var onlyThere = without(there, here);
        return !(onlyHere.isEmpty() && onlyThere.isEmpty())
                && isUnconditional(here)
                && isUnconditional(there)
                && new Redundancy(there).covers(onlyHere)
                && new Redundancy(here).covers(onlyThere);
    }

    private static Set<Statement> without(Meaning meaning, Meaning other) {
        var rest = new TreeSet<>(meaning.statements());
        other.statements().forEach(rest::remove);
        return rest;
    }

    private static boolean isUnconditional(Meaning meaning) {
        return meaning.asWritten().isEmpty()
                && meaning.statements().stream()
                        .flatMap(statement -> statement.reach().stream())
                        .flatMap(reach -> reach.traffic().stream())
                        .allMatch(traffic -> traffic.conditions().isEmpty());
    }

    private static List<String> frame(Reach reach) {
        return List.of(reach.subject(), reach.verdict());
    }

    private boolean covers(Set<Statement> statements) {
        return statements.stream()
                .allMatch(statement -> statement.reach().filter(this::covers).isPresent());
    }

    /// Whether each peer may do each of these things by one of the wider statements.
    private boolean covers(Reach reach) {
        var candidates = wider.getOrDefault(frame(reach), List.of());
        for (var candidate : candidates) {
            left -= steps(candidate, reach);
        }
        if (left < 0) {
            return false;
        }
        var allowed = new ArrayList<BitSet>();
        reach.peers().forEach(_ -> allowed.add(new BitSet()));
        for (var candidate : candidates) {
            var peers = covered(reach.peers().size(), index -> coversPeer(candidate, reach, index));
            if (!peers.isEmpty()) {
                var traffic =
                        covered(
                                reach.traffic().size(),
                                index -> coversPorts(candidate, reach, index));
                peers.stream().forEach(peer -> allowed.get(peer).or(traffic));
            }
        }
        return allowed.stream().allMatch(set -> set.cardinality() == reach.traffic().size());
    }

    private static boolean coversPeer(Reach wider, Reach reach, int peer) {
        return wider.peers().stream()
                .anyMatch(policyPeer -> policyPeer.covers(reach.peers().get(peer)));
    }

    private static boolean coversPorts(Reach wider, Reach reach, int traffic) {
        var ports = reach.traffic().get(traffic).ports();
        return wider.traffic().stream().anyMatch(each -> each.ports().covers(ports));
    }

    private static BitSet covered(int count, IntPredicate isCovered) {
        var covered = new BitSet(count);
        for (int i = 0; i < count; i++) {
            covered.set(i, isCovered.test(i));
        }
        return covered;
    }

    private static long steps(Reach wider, Reach reach) {
        return wider.peers().size() * sizeOfPeers(reach)
                + reach.peers().size() * sizeOfPeers(wider)
                + wider.traffic().size() * sizeOfTraffic(reach)
                + reach.traffic().size() * sizeOfTraffic(wider)
                + (long) reach.peers().size() * reach.traffic().size() / Long.SIZE;
    }

    private static long sizeOfPeers(Reach reach) {
        return reach.peers().stream().mapToLong(PolicyPeer::size).sum();
    }

    private static long sizeOfTraffic(Reach reach) {
        return reach.traffic().stream().mapToLong(traffic -> traffic.ports().size()).sum();
    }
}
