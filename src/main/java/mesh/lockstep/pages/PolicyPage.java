package mesh.lockstep.pages;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.Sentence;
import mesh.lockstep.rollout.State;

/// One policy as it is shown: its state with each peer, and where it differs from one.
///
/// @param here this cluster's name
/// @param objections to members enforcing it
/// @param neighbors link to all policies of its namespace
/// @param peer with which it is compared; empty for none
public record PolicyPage(
        String here,
        String name,
        String namespace,
        String kind,
        Mark mark,
        String revision,
        List<String> objections,
        String neighbors,
        List<Row> rows,
        String peer,
        SideBySide comparison) {

    /// The state of a peer.
    ///
    /// @param since how long ago it was first seen to differ
    /// @param at the same as a moment, to be found in logs; empty where it does not differ
    /// @param link to the comparison; empty where there is none to see
    public record Row(
            String peer,
            Mark mark,
            String sentence,
            String since,
            String at,
            String link,
            boolean chosen) {}

    static PolicyPage of(
            String here,
            Condition condition,
            Optional<ClusterName> peer,
            SideBySide comparison,
            Discretion discretion,
            Instant now) {
        var key = condition.key();
        return new PolicyPage(
                here,
                key.name(),
                key.namespace(),
                key.kind().kindName(),
                Mark.of(condition.state()),
                condition.revision().map(Object::toString).orElse("–"),
                Sentence.of(condition, discretion),
                Links.matrix(new Selection(Optional.of(key.namespace()), true, 1), 1, 1),
                condition.relations().entrySet().stream()
                        .sorted(
                                Comparator.comparing(
                                        (Map.Entry<ClusterName, Relation> entry) ->
                                                entry.getValue().state()))
                        .map(entry -> row(condition, entry.getKey(), entry.getValue(), peer, now))
                        .toList(),
                peer.map(ClusterName::value).orElse(""),
                comparison);
    }

    private static Row row(
            Condition condition,
            ClusterName name,
            Relation relation,
            Optional<ClusterName> chosen,
            Instant now) {
        return new Row(
                name.value(),
                Mark.of(relation.state()),
                Sentence.of(name, relation),
                Ago.of(relation.firstSeen(), now),
                relation.firstSeen()
                        .map(instant -> instant.truncatedTo(SECONDS).toString())
                        .orElse(""),
                relation.state() == State.EXEMPT
                        ? ""
                        : Links.policy(condition.key(), Optional.of(name)),
                chosen.filter(name::equals).isPresent());
    }
}
