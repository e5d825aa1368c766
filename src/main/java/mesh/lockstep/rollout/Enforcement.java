package mesh.lockstep.rollout;

import static mesh.lockstep.rollout.Severity.AUDIT;
import static mesh.lockstep.rollout.Severity.DENY;
import static mesh.lockstep.rollout.Severity.WARN;

import java.util.List;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Verdict.Weighed;

/// How severely findings are taken: the only part of the judgement that is configured.
///
/// @param unknown how a peer that was not consulted is taken at `strict` and `deny`:
///   [Severity#WARN] or [Severity#DENY]
public record Enforcement(Level level, Severity unknown) {

    public Enforcement {
        if (unknown == AUDIT) {
            throw new IllegalArgumentException("unknown is taken as WARN or DENY");
        }
    }

    /// Each finding with its severity. A change that may not be refused is warned about at most.
    public List<Weighed> weigh(Change change, List<Finding> findings) {
        return findings.stream()
                .map(finding -> new Weighed(finding, severityOf(finding, change)))
                .toList();
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
                        case Differs(_, var joining) -> joining ? WARN : DENY;
                        case Previous _ -> level == Level.STRICT ? DENY : WARN;
                        case Missing _, StillHeld _ -> WARN;
                        case Unknown _ -> unknown;
                    };
        };
    }
}
