package mesh.lockstep.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
/// @param objections to members enforcing their copies, by member; whether copies differ is another
///   question
public record Condition(
        PolicyKey key,
        State state,
        Optional<Revision> revision,
        SortedMap<ClusterName, Relation> relations,
        Optional<Instant> unexplained,
        SortedMap<ClusterName, List<Objection>> objections) {

    private static final SortedMap<ClusterName, List<Objection>> NONE = new TreeMap<>();

    public Condition {
        relations = Collections.unmodifiableSortedMap(relations);
        objections = Collections.unmodifiableSortedMap(objections.isEmpty() ? NONE : objections);
    }

    /// Without objections.
    Condition(
            PolicyKey key,
            State state,
            Optional<Revision> revision,
            SortedMap<ClusterName, Relation> relations,
            Optional<Instant> unexplained) {
        this(key, state, revision, relations, unexplained, NONE);
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
        return of(key, revision, others, unexplained).objectedBy(objections);
    }

    /// The same with these objections, as far as they are this cluster's affair: none to a copy of
    /// a member that is not meant to have the same.
    ///
    /// @param here this cluster, whose own copy always is
    Condition objectedBy(ClusterName here, SortedMap<ClusterName, List<Objection>> all) {
        if (all.isEmpty()) {
            return this;
        }
        var ours = new TreeMap<>(all);
        ours.keySet().removeIf(name -> !name.equals(here) && !isCompared(name));
        return objectedBy(ours);
    }

    private boolean isCompared(ClusterName peer) {
        return with(peer).filter(relation -> relation.state() != State.EXEMPT).isPresent();
    }

    private Condition objectedBy(SortedMap<ClusterName, List<Objection>> others) {
        return new Condition(key, state, revision, relations, unexplained, others);
    }

    /// The same with other times.
    public Condition redated(UnaryOperator<Instant> date) {
        var others = new TreeMap<ClusterName, Relation>();
        relations.forEach((peer, relation) -> others.put(peer, relation.redated(date)));
        return new Condition(key, state, revision, others, unexplained.map(date), objections);
    }

    /// The relations in which somebody has to do something.
    public Stream<Relation> drifting() {
        return relations.values().stream().filter(relation -> relation.state().isDrift());
    }

    /// The members for which somebody has to look at it: those from which it differs, or did when
    /// they were last heard from, and those to whose enforcing it there are objections.
    public Stream<ClusterName> concerned() {
        var differing =
                relations.entrySet().stream()
                        .filter(entry -> entry.getValue().firstSeen().isPresent())
                        .map(Map.Entry::getKey);
        return Stream.concat(differing, objections.keySet().stream());
    }

    /// Since when it differs from some peer; empty if it does not.
    public Optional<Instant> firstSeen() {
        return relations.values().stream()
                .flatMap(relation -> relation.firstSeen().stream())
                .min(Comparator.naturalOrder());
    }
}
