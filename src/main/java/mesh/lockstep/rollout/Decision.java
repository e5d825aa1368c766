package mesh.lockstep.rollout;

import java.util.List;
import mesh.lockstep.difference.Differ;
import mesh.lockstep.difference.IntentDifferences;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.Peers.LiveAnswers;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Grounds;
import mesh.lockstep.rollout.Verdict.Grounds.AlreadyExists;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Misread;
import mesh.lockstep.rollout.Verdict.Grounds.Uncompared;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;

/// What it takes to reach a verdict on one change, overriding apart.
final class Decision {

    private final Peers peers;
    private final Histories histories;
    private final Enforcement enforcement;
    private final Change change;
    private final Deadline deadline;
    private boolean asked;

    /// A decision on one change.
    ///
    /// @param deadline by which the verdict is wanted
    Decision(
            Peers peers,
            Histories histories,
            Enforcement enforcement,
            Change change,
            Deadline deadline) {
        this.peers = peers;
        this.histories = histories;
        this.enforcement = enforcement;
        this.change = change;
        this.deadline = deadline;
    }

    boolean hasAsked() {
        return asked;
    }

    Verdict reachVerdict(List<PeerView> views) {
        var weighed = weigh(views);
        var unreadable = change.newlyUnreadable();
        var isMisread =
                !unreadable.isEmpty() && enforcement.severityOfUnreadable() == Severity.DENY;
        if (!isMisread && !refuses(weighed)) {
            return new Admitted(weighed);
        }
        if (alreadyExists()) {
            return new Refused(weighed, new AlreadyExists());
        }
        if (isMisread) {
            return new Refused(weighed, new Misread(unreadable));
        }
        asked = true;
        return askAgain(views, weighed);
    }

    /// First of all, since then no peer needs to be asked.
    private boolean alreadyExists() {
        if (!(change instanceof Change.Created)) {
            return false;
        }
        asked = true;
        return peers.holdHere(change.key(), deadline);
    }

    /// What was seen may be more than a moment ago.
    private List<Weighed> weigh(List<PeerView> views) {
        var history = histories.recall(change.key());
        var findings =
                peers.here()
                        .map(here -> new RolloutRules(here).examine(change, views, history))
                        .orElse(List.of());
        return enforcement.weigh(change, findings);
    }

    private static boolean refuses(List<Weighed> weighed) {
        return weighed.stream().anyMatch(each -> each.severity() == Severity.DENY);
    }

    /// Asks the accused, and all others that memory knows not to agree, since they may have been
    /// joined by now. One that confirms settles it: of those that do so at once, the first by name,
    /// so that a retry is refused in the same words. A finding about a peer that no longer
    /// conflicts is withdrawn; a peer that does not answer is unknown. For a peer that we could not
    /// ask, memory stands, and what it would refuse is deferred.
    private Verdict askAgain(List<PeerView> views, List<Weighed> weighed) {
        var disagreeing =
                weighed.stream()
                        .map(Weighed::finding)
                        .filter(finding -> !(finding instanceof Unknown))
                        .map(Finding::peer)
                        .toList();
        var heard = new AnswersSoFar(views, disagreeing);
        try (var answers = peers.ask(disagreeing, change.key(), deadline)) {
            hear(answers, heard);
        }
        var now = weigh(heard.views());
        return refuses(now)
                ? new Refused(now, grounds(accusations(now), heard))
                : new Admitted(now);
    }

    private void hear(LiveAnswers answers, AnswersSoFar heard) {
        for (var answer : answers) {
            heard.add(answer);
            if (answer instanceof LiveAnswer.Deferred) {
                continue;
            }
            var accusations = accusations(weigh(heard.views()));
            if (heard.isSettled(accusations)) {
                return;
            }
            if (heard.confirmed(accusations).isPresent()) {
                answers.conclude();
            }
        }
    }

    /// What refuses, in the order of the peers' names.
    private static List<Finding> accusations(List<Weighed> weighed) {
        return weighed.stream()
                .filter(each -> each.severity() == Severity.DENY)
                .map(Weighed::finding)
                .toList();
    }

    /// Without a witness, what is unknown is final.
    private Grounds grounds(List<Finding> accusations, AnswersSoFar heard) {
        var confirmed = heard.confirmed(accusations);
        if (confirmed.isPresent()) {
            return witness(confirmed.get(), heard.shownBy(confirmed.get().peer()).orElseThrow());
        }
        if (accusations.stream().anyMatch(Unknown.class::isInstance)) {
            return new Uncompared();
        }
        for (var accusation : accusations) {
            var cause = heard.deferredBy(accusation.peer());
            if (cause.isPresent()) {
                return new Deferred(accusation, cause.get());
            }
        }
        return new Uncompared();
    }

    /// That the change is refused is known by now: the words get the time that is left.
    private Witness witness(Finding finding, Shown shown) {
        var ours = change.outcome().orElseThrow();
        var theirs = shown.policy();
        return new Witness(
                finding,
                theirs,
                shown.resourceVersion(),
                Differ.between(ours, theirs, deadline),
                IntentDifferences.of(ours.intent(), theirs.intent()));
    }
}
