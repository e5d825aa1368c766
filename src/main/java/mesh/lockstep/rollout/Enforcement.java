package mesh.lockstep.rollout;

import static mesh.lockstep.rollout.Severity.AUDIT;
import static mesh.lockstep.rollout.Severity.DENY;
import static mesh.lockstep.rollout.Severity.WARN;

import java.util.List;
import java.util.Set;
import mesh.lockstep.rollout.Finding.Ahead;
import mesh.lockstep.rollout.Finding.Detached;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Earlier;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Newer;
import mesh.lockstep.rollout.Finding.Older;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Verdict.Weighed;

/// How severely findings are taken: the only part of the judgment that is configured.
///
/// @param unknown how a peer that was not consulted is taken at `strict` and `deny`:
///   [Severity#WARN] or [Severity#DENY]
/// @param overrideGroups whose members are never refused
/// @param labels which levels a namespace's label may name
public record Enforcement(
        Level level, Severity unknown, Set<String> overrideGroups, Labels labels) {

    /// Which levels a namespace's label may name.
    public enum Labels {
        ANY,
        /// The cluster's, and stricter ones.
        STRICTER
    }

    public Enforcement {
        overrideGroups = Set.copyOf(overrideGroups);
        if (unknown == AUDIT) {
            throw new IllegalArgumentException("unknown is taken as WARN or DENY");
        }
    }

    /// Where a namespace's label may name any level.
    public Enforcement(Level level, Severity unknown, Set<String> overrideGroups) {
        this(level, unknown, overrideGroups, Labels.ANY);
    }

    /// The same at another level.
    public Enforcement at(Level other) {
        return new Enforcement(other, unknown, overrideGroups, labels);
    }

    /// Whether a namespace's label may name that level.
    boolean lets(Level named) {
        return switch (labels) {
            case ANY -> true;
            case STRICTER -> !named.isLooserThan(level);
        };
    }

    /// Each finding with its severity. A change that may not be refused is warned about at most.
    public List<Weighed> weigh(Change change, List<Finding> findings) {
        return findings.stream()
                .map(finding -> new Weighed(finding, severityOf(finding, change)))
                .toList();
    }

    /// How an annotation is taken that the change makes unreadable.
    Severity severityOfUnreadable() {
        return switch (level) {
            case STRICT, DENY -> DENY;
            case WARN -> WARN;
            case AUDIT -> AUDIT;
        };
    }

    boolean mayOverride(RequestedChange requested) {
        return requested.groups().stream().anyMatch(overrideGroups::contains);
    }

    private Severity severityOf(Finding finding, Change change) {
        var severity = severityOf(finding);
        return severity == DENY && !change.mayBeRefused() ? WARN : severity;
    }

    private Severity severityOf(Finding finding) {
        return switch (level) {
            case AUDIT -> AUDIT;
            case WARN -> WARN;
            case DENY, STRICT ->
                    switch (finding) {
                        case Newer _, Detached _ -> DENY;
                        case Differs(_, var joining, _) -> joining ? WARN : DENY;
                        case Previous _, Earlier _ -> level == Level.STRICT ? DENY : WARN;
                        case Ahead _, Older _, Missing _, StillHeld _ -> WARN;
                        case Unknown _ -> unknown;
                    };
        };
    }
}
