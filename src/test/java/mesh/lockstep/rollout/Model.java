package mesh.lockstep.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Verdict.Weighed;
import mesh.lockstep.support.Policies;
import org.jspecify.annotations.Nullable;

/// All states of a small mesh, and which writes the real rules admit in them. Every cluster knows
/// what every other holds, or one of them knows nothing of one peer.
///
/// @param refused findings that a broken rule would refuse
/// @param admitted findings that a broken rule would admit
/// @param unknown the cluster of which no other knows what it holds, or -1
record Model(
        int clusters,
        Level level,
        Predicate<Finding> refused,
        Predicate<Finding> admitted,
        int unknown) {

    static final int SPECS = 3;
    private static final int REVISIONS = 3;
    private static final Map<Copy, Policy> POLICIES = new ConcurrentHashMap<>();

    Model(int clusters, Level level) {
        this(clusters, level, _ -> false, _ -> false, -1);
    }

    Model refusing(Predicate<Finding> findings) {
        return new Model(clusters, level, findings, admitted, unknown);
    }

    Model admitting(Predicate<Finding> findings) {
        return new Model(clusters, level, refused, findings, unknown);
    }

    Model withUnknownPeer(int cluster) {
        return new Model(clusters, level, refused, admitted, cluster);
    }

    /// A spec at a revision.
    record Copy(int spec, int revision) {

        Policy policy() {
            return POLICIES.computeIfAbsent(this, Copy::made);
        }

        private Policy made() {
            var plain = Policies.withPort(1000 + spec);
            var intent = new Intent(new Revision(revision), new Members.All(), false, List.of());
            return new Policy(plain.key(), intent, plain.spec(), plain.meaning());
        }
    }

    /// Somebody applies a spec at a revision to a cluster.
    record Write(int cluster, int spec, int revision) {}

    /// What each cluster holds; null for nothing.
    record Mesh(List<@Nullable Copy> copies) {

        int size() {
            return copies.size();
        }

        boolean holds(int cluster) {
            return copies.get(cluster) != null;
        }

        Copy copy(int cluster) {
            var copy = copies.get(cluster);
            if (copy == null) {
                throw new IllegalArgumentException("it holds nothing");
            }
            return copy;
        }

        Mesh after(Write write) {
            return with(write.cluster(), new Copy(write.spec(), write.revision()));
        }

        Mesh with(int cluster, @Nullable Copy copy) {
            var changed = new ArrayList<@Nullable Copy>(copies);
            changed.set(cluster, copy);
            return new Mesh(changed);
        }

        boolean agrees() {
            return copies.stream().noneMatch(it -> it == null)
                    && held().map(Copy::spec).distinct().count() == 1;
        }

        int highestRevision() {
            return held().mapToInt(Copy::revision).max().orElse(0);
        }

        long mostSpecsAtOneRevision() {
            return held()
                    .distinct()
                    .collect(Collectors.groupingBy(Copy::revision, Collectors.counting()))
                    .values()
                    .stream()
                    .mapToLong(it -> it)
                    .max()
                    .orElse(0);
        }

        private Stream<Copy> held() {
            return copies.stream().flatMap(Stream::ofNullable);
        }
    }

    /// Every state there is.
    List<Mesh> meshes() {
        var meshes = List.of(new Mesh(List.of()));
        for (int i = 0; i < clusters; i++) {
            meshes =
                    meshes.stream()
                            .flatMap(it -> copiesOrNothing().map(copy -> plus(it, copy)))
                            .toList();
        }
        return meshes;
    }

    /// The states in which all hold one spec at one revision.
    List<Mesh> agreeing() {
        return meshes().stream()
                .filter(Mesh::agrees)
                .filter(it -> it.copies().stream().distinct().count() == 1)
                .toList();
    }

    /// Every order of the clusters.
    List<List<Integer>> orders() {
        return orders(IntStream.range(0, clusters).boxed().toList());
    }

    /// What is reachable by writes and deletions that are admitted.
    Set<Mesh> reachable(Set<Mesh> from) {
        var reached = new LinkedHashSet<>(from);
        var open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            var mesh = open.remove();
            next(mesh, REVISIONS - 1, true).filter(reached::add).forEach(open::add);
        }
        return reached;
    }

    /// Whether admitted writes, without deletions, lead to such a state.
    ///
    /// @param highest revision that is written
    boolean reaches(Mesh from, Predicate<Mesh> goal, int highest) {
        var reached = new HashSet<>(Set.of(from));
        var open = new ArrayDeque<>(Set.of(from));
        while (!open.isEmpty()) {
            var mesh = open.remove();
            if (goal.test(mesh)) {
                return true;
            }
            next(mesh, highest, false).filter(reached::add).forEach(open::add);
        }
        return false;
    }

    boolean admits(Mesh mesh, Write write) {
        var after = new Copy(write.spec(), write.revision()).policy();
        return admits(
                mesh,
                write.cluster(),
                mesh.holds(write.cluster())
                        ? new Change.Updated(mesh.copy(write.cluster()).policy(), after)
                        : new Change.Created(after));
    }

    private boolean admits(Mesh mesh, int cluster, Change change) {
        var findings =
                new RolloutRules(name(cluster)).examine(change, views(mesh, cluster), History.NONE);
        return new Enforcement(level, Severity.WARN, Set.of())
                .weigh(change, findings).stream().noneMatch(this::denies);
    }

    private boolean denies(Weighed weighed) {
        return refused.test(weighed.finding())
                || (weighed.severity() == Severity.DENY && !admitted.test(weighed.finding()));
    }

    private List<PeerView> views(Mesh mesh, int observer) {
        var views = new ArrayList<PeerView>();
        for (int peer = 0; peer < clusters; peer++) {
            if (peer == observer) {
                continue;
            }
            if (peer == unknown) {
                views.add(new PeerView.Unknown(name(peer), "unknown"));
            } else if (mesh.holds(peer)) {
                var policy = mesh.copy(peer).policy();
                views.add(
                        new PeerView.Holds(
                                name(peer), policy.version(), policy.intent().revision()));
            } else {
                views.add(new PeerView.Lacks(name(peer)));
            }
        }
        return views;
    }

    private Stream<Mesh> next(Mesh mesh, int highest, boolean deleting) {
        var next = new ArrayList<Mesh>();
        for (int cluster = 0; cluster < clusters; cluster++) {
            for (int spec = 0; spec < SPECS; spec++) {
                for (int revision = 0; revision <= highest; revision++) {
                    var write = new Write(cluster, spec, revision);
                    if (admits(mesh, write)) {
                        next.add(mesh.after(write));
                    }
                }
            }
            if (deleting && mesh.holds(cluster)) {
                if (!admits(mesh, cluster, new Change.Deleted(mesh.copy(cluster).policy()))) {
                    throw new AssertionError("a deletion is refused in " + mesh);
                }
                next.add(mesh.with(cluster, null));
            }
        }
        return next.stream();
    }

    private static Stream<@Nullable Copy> copiesOrNothing() {
        var copies = new ArrayList<@Nullable Copy>();
        copies.add(null);
        for (int spec = 0; spec < SPECS; spec++) {
            for (int revision = 0; revision < REVISIONS; revision++) {
                copies.add(new Copy(spec, revision));
            }
        }
        return copies.stream();
    }

    private static Mesh plus(Mesh mesh, @Nullable Copy copy) {
        var copies = new ArrayList<@Nullable Copy>(mesh.copies());
        copies.add(copy);
        return new Mesh(copies);
    }

    private static List<List<Integer>> orders(List<Integer> clusters) {
        if (clusters.isEmpty()) {
            return List.of(List.of());
        }
        var orders = new ArrayList<List<Integer>>();
        for (var first : clusters) {
            var rest = clusters.stream().filter(it -> !it.equals(first)).toList();
            for (var order : orders(rest)) {
                var whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }

    private static ClusterName name(int cluster) {
        return new ClusterName("cluster" + (cluster + 1));
    }
}
