package mesh.lockstep.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;

/// The state of a policy in the mesh, as this cluster sees it.
///
/// @param state the worst of its relations; [State#UNKNOWN] without any: with nobody to compare it
///   with, nothing is known to agree
/// @param revision of the copy here; empty where there is none, or it is not known
/// @param relations with each peer, except those that, like us, do not have the policy
/// @param unexplained since when the members hold what no rollout explains; empty while one does
public record Condition(
        PolicyKey key,
        State state,
        Optional<Revision> revision,
        SortedMap<ClusterName, Relation> relations,
        Optional<Instant> unexplained) {

    public Condition {
        relations = Collections.unmodifiableSortedMap(relations);
    }

    public static Condition of(
            PolicyKey key,
            Optional<Revision> revision,
            SortedMap<ClusterName, Relation> relations) {
        return of(key, revision, relations, Optional.empty());
    }

    static Condition of(
            PolicyKey key,
            Optional<Revision> revision,
            SortedMap<ClusterName, Relation> relations,
            Optional<Instant> unexplained) {
        var worst =
                relations.values().stream()
                        .map(Relation::state)
                        .reduce(State::worse)
                        .orElse(State.UNKNOWN);
        return new Condition(key, worst, revision, relations, unexplained);
    }

    /// The relation with one peer; empty if neither has it.
    public Optional<Relation> with(ClusterName peer) {
        return Optional.ofNullable(relations.get(peer));
    }

    /// The same with other relations.
    public Condition with(SortedMap<ClusterName, Relation> others) {
        return of(key, revision, others, unexplained);
    }

    /// The same with other times.
    public Condition redated(UnaryOperator<Instant> date) {
        var others = new TreeMap<ClusterName, Relation>();
        relations.forEach((peer, relation) -> others.put(peer, relation.redated(date)));
        return new Condition(key, state, revision, others, unexplained.map(date));
    }

    /// The relations in which somebody has to do something.
    public Stream<Relation> drifting() {
        return relations.values().stream().filter(it -> it.state().isDrift());
    }

    /// Since when it differs from some peer; empty if it does not.
    public Optional<Instant> firstSeen() {
        return relations.values().stream()
                .flatMap(it -> it.firstSeen().stream())
                .min(Comparator.naturalOrder());
    }
}
