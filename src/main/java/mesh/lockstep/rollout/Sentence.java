package mesh.lockstep.rollout;

import mesh.lockstep.policy.ClusterName;

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

    private static String order(Relation relation) {
        return relation.cause().isEmpty() ? "" : "; " + relation.cause();
    }
}
