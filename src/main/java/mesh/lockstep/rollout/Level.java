package mesh.lockstep.rollout;

import java.util.Locale;

/// How strictly differences are taken, from the strictest.
public enum Level {
    /// One version only: every difference but a rollout that was declared is refused.
    STRICT,
    /// A fork is refused.
    DENY,
    /// Nothing is refused, everything is said.
    WARN,
    /// Nothing is refused or said, everything is recorded.
    AUDIT;

    /// As a setting or a label names it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it takes some difference less severely than the other.
    boolean isLooserThan(Level other) {
        return compareTo(other) > 0;
    }
}
