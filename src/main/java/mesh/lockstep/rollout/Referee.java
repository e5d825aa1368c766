package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Verdict.Overridden;
import mesh.lockstep.rollout.Verdict.Refused;

/// Judges a change: from memory, and before it refuses, by asking again. What is remembered alone
/// never refuses.
public final class Referee {

    private final Peers peers;
    private final Histories histories;
    private final Scope scope;
    private final Enforcement ofCluster;

    public Referee(Peers peers, Histories histories, Scope scope, Enforcement ofCluster) {
        this.peers = peers;
        this.histories = histories;
        this.scope = scope;
        this.ofCluster = ofCluster;
    }

    /// Judges one change.
    ///
    /// @param deadline by which the judgment is wanted
    public Judgement judge(RequestedChange requested, Deadline deadline) {
        var change = sinceDeletion(requested.change());
        if (!scope.has(change)) {
            // With whom it is not compared, Cilium reads it all the same.
            return Judgement.exempt(aboutItself(change, ofCluster.level()));
        }
        var leveling = scope.level(change, ofCluster);
        var enforcement = ofCluster.at(leveling.level());
        var views = peers.recall(change.key());

        var decision = new Decision(peers, histories, enforcement, change, deadline);
        var verdict = decision.reachVerdict(views);
        if (verdict instanceof Refused(var findings, var grounds)
                && enforcement.mayOverride(requested)) {
            verdict = new Overridden(findings, grounds, requested.user());
        }
        return new Judgement(verdict, remarks(change, leveling, views), decision.hasAsked());
    }

    /// What is created comes from what was deleted, if that was a moment ago.
    private Change sinceDeletion(Change change) {
        return change instanceof Change.Created(var after, _)
                ? new Change.Created(after, histories.recall(change.key()).lately())
                : change;
    }

    private static List<Remark> aboutItself(Change change, Level level) {
        return level == Level.AUDIT
                ? List.of()
                : change.outcome().map(RemarkRules::aboutItself).orElse(List.of());
    }

    private List<Remark> remarks(Change change, Scope.Leveling leveling, List<PeerView> views) {
        if (leveling.level() == Level.AUDIT) {
            return List.of();
        }
        var remarks = new ArrayList<>(aboutItself(change, leveling.level()));
        leveling.remark().ifPresent(remarks::add);
        var here = peers.here();
        if (here.isPresent()) {
            var after = change.outcome();
            var found = new RemarkRules(here.get());
            after.ifPresent(policy -> remarks.addAll(found.about(policy, views)));
            if (change.mayBeRefused()) {
                remarks.addAll(found.about(peers.facts(), after));
            }
        }
        return remarks;
    }
}
