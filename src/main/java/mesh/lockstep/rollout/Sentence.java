package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.Cilium;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.Objection.ByReading;

/// What reports and pages say of a relation, for people.
public final class Sentence {

    private Sentence() {}

    public static String of(ClusterName peer, Relation relation) {
        return switch (relation.state()) {
            case DIVERGED ->
                    peer + " has another version, and no rollout explains it" + order(relation);
            case MISSING_HERE -> peer + " has it, this cluster does not";
            case MISSING_THERE -> peer + " does not have it";
            case ROLLING_OUT -> peer + " differs, as expected during a rollout" + order(relation);
            case UNKNOWN -> "not compared with " + peer + ": " + relation.cause();
            case IN_SYNC -> "the same as in " + peer;
            case EXEMPT -> "not meant to be the same as in " + peer;
        };
    }

    /// All that speaks against members enforcing the policy.
    public static List<String> of(Condition condition, Discretion discretion) {
        var sentences = new ArrayList<String>();
        condition
                .objections()
                .forEach(
                        (member, all) ->
                                all.forEach(
                                        objection ->
                                                sentences.add(of(member, objection, discretion))));
        return sentences;
    }

    /// What speaks against a member enforcing the policy.
    ///
    /// @param member whose copy it is about
    public static String of(ClusterName member, Objection objection, Discretion discretion) {
        return switch (objection) {
            case ByReading(var rejection) ->
                    "Cilium %s will not enforce it in %s".formatted(Cilium.VERSION, member)
                            + colon(discretion.values() ? rejection.text() : rejection.place());
            case ByCilium(var message) ->
                    member
                            + "'s Cilium calls it invalid"
                            + colon(discretion.values() ? message : "");
        };
    }

    private static String colon(String more) {
        return more.isEmpty() ? "" : ": " + more;
    }

    private static String order(Relation relation) {
        return relation.cause().isEmpty() ? "" : "; " + relation.cause();
    }
}
