package mesh.lockstep.cli;

import mesh.lockstep.cli.Terminal.Look;
import mesh.lockstep.rollout.State;

/// How the copies of a policy stand to each other in the whole mesh, the worst first.
enum Standing {
    /// Members have it in different versions.
    DIFFERS("Differs", "differ", Look.RED),
    /// It is meant for a member that does not have it.
    MISSING("Missing", "missing", Look.YELLOW),
    /// Of those that were read, none differ; not all could be read.
    UNKNOWN("Unknown", "not known", Look.MAGENTA),
    AGREES("Agrees", "agree", Look.GREEN),
    /// It is not meant to be the same anywhere.
    EXEMPT("Exempt", "not meant to be the same", Look.PLAIN);

    private final String word;
    private final String many;
    private final Look look;

    Standing(String word, String many, Look look) {
        this.word = word;
        this.many = many;
        this.look = look;
    }

    /// Of two members, as one of them sees the other; without regard to time.
    static Standing of(State state) {
        return switch (state) {
            case DIVERGED, ROLLING_OUT -> DIFFERS;
            case MISSING_HERE, MISSING_THERE -> MISSING;
            case UNKNOWN -> UNKNOWN;
            case IN_SYNC -> AGREES;
            case EXEMPT -> EXEMPT;
        };
    }

    Standing worse(Standing other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /// Whether it is known not to be as it is meant to be.
    boolean isDifference() {
        return this == DIFFERS || this == MISSING;
    }

    String word() {
        return word;
    }

    /// Of a number of policies.
    String many() {
        return many;
    }

    Look look() {
        return look;
    }
}
