package mesh.lockstep.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mesh.lockstep.policy.Statement.Reach;

/// Whether two policies that differ may nevertheless let the same through: one of them only says
/// again what it says more widely.
///
/// ```yaml
/// ingress: [{fromEntities: [all]}, {fromEntities: [host]}]      ingress: [{fromEntities: [all]}]
/// ```
public final class Redundancy {

    /// Comparisons of two peers, or of two kinds of traffic. Beyond it nothing is proven.
    private static final long MAX_COMPARISONS = 1_000_000;

    private Redundancy() {}

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
                && covers(there, onlyHere)
                && covers(here, onlyThere);
    }

    private static Set<Statement> without(Meaning meaning, Meaning other) {
        var rest = new TreeSet<>(meaning.statements());
        rest.removeAll(other.statements());
        return rest;
    }

    private static boolean isUnconditional(Meaning meaning) {
        return meaning.asWritten().isEmpty()
                && meaning.statements().stream()
                        .flatMap(it -> it.reach().stream())
                        .flatMap(it -> it.traffic().stream())
                        .allMatch(it -> it.conditions().isEmpty());
    }

    private static boolean covers(Meaning wider, Set<Statement> statements) {
        var reaches = statements.stream().map(Statement::reach).toList();
        if (reaches.stream().anyMatch(Optional::isEmpty)) {
            return false;
        }
        var ofSubject =
                wider.statements().stream()
                        .flatMap(it -> it.reach().stream())
                        .collect(Collectors.groupingBy(Redundancy::frame));
        var left = MAX_COMPARISONS;
        for (var reach : reaches.stream().flatMap(Optional::stream).toList()) {
            var candidates = ofSubject.getOrDefault(frame(reach), List.of());
            left -= candidates.stream().mapToLong(it -> work(it, reach)).sum();
            if (left < 0 || !reach.singly().allMatch(single -> covers(candidates, single))) {
                return false;
            }
        }
        return true;
    }

    private static long work(Reach wider, Reach reach) {
        return (long) wider.peers().size() * reach.peers().size()
                + (long) wider.traffic().size() * reach.traffic().size();
    }

    private static List<String> frame(Reach reach) {
        return List.of(reach.subject(), reach.verdict());
    }

    /// @param single one peer and one kind of traffic
    private static boolean covers(List<Reach> wider, Reach single) {
        var peer = single.peers().getFirst();
        var ports = single.traffic().getFirst().ports();
        return wider.stream()
                .anyMatch(
                        it ->
                                it.peers().stream().anyMatch(p -> p.covers(peer))
                                        && it.traffic().stream()
                                                .anyMatch(t -> t.ports().covers(ports)));
    }
}
