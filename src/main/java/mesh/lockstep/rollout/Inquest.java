package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Differ;
import mesh.lockstep.policy.Difference;
import mesh.lockstep.policy.Differences;
import mesh.lockstep.policy.Intent;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Testimony.Shown;
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
final class Inquest {

    private final Peers peers;
    private final Histories histories;
    private final Enforcement enforcement;
    private final Change change;
    private final Deadline deadline;
    private boolean asked;

    /// An inquest into one change.
    ///
    /// @param deadline by which the verdict is wanted
    Inquest(
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
        return weighed.stream().anyMatch(it -> it.severity() == Severity.DENY);
    }

    /// Asks the accused, and all others that memory knows not to agree, since they may have been
    /// joined by now. The first that confirms settles it; who no longer conflicts is withdrawn; who
    /// does not answer is unknown. Of whom we could not ask, memory stands, and what it would
    /// refuse is deferred.
    private Verdict askAgain(List<PeerView> views, List<Weighed> weighed) {
        var disagreeing =
                weighed.stream()
                        .map(Weighed::finding)
                        .filter(it -> !(it instanceof Unknown))
                        .map(Finding::peer)
                        .toList();
        var fresh = new ArrayList<>(views);
        var deferred = new HashMap<ClusterName, String>();
        try (var testimonies = peers.ask(disagreeing, change.key(), deadline)) {
            for (var testimony : testimonies) {
                testimony.view().ifPresent(it -> replace(it, fresh));
                if (testimony instanceof Testimony.Deferred(var peer, var cause)) {
                    deferred.put(peer, cause);
                }
                var now = weigh(fresh);
                var witness = witness(testimony, now);
                if (witness.isPresent()) {
                    return new Refused(now, witness.get());
                }
            }
        }
        var now = weigh(fresh);
        return refuses(now) ? new Refused(now, grounds(now, deferred)) : new Admitted(now);
    }

    private static void replace(PeerView view, List<PeerView> views) {
        views.replaceAll(old -> old.peer().equals(view.peer()) ? view : old);
    }

    /// Without a witness: what is unknown is final, as far as it refuses.
    private static Grounds grounds(List<Weighed> weighed, Map<ClusterName, String> deferred) {
        var denying =
                weighed.stream()
                        .filter(it -> it.severity() == Severity.DENY)
                        .map(Weighed::finding)
                        .toList();
        if (denying.stream().anyMatch(Unknown.class::isInstance)) {
            return new Uncompared();
        }
        return denying.stream()
                .filter(it -> deferred.containsKey(it.peer()))
                .findFirst()
                .<Grounds>map(it -> new Deferred(it, deferred.getOrDefault(it.peer(), "")))
                .orElseGet(Uncompared::new);
    }

    private Optional<Grounds> witness(Testimony testimony, List<Weighed> weighed) {
        if (!(testimony instanceof Shown(var peer, var theirs, var resourceVersion))) {
            return Optional.empty();
        }
        return weighed.stream()
                .filter(it -> it.severity() == Severity.DENY)
                .map(Weighed::finding)
                .filter(it -> it.peer().equals(peer))
                .findFirst()
                .flatMap(
                        finding ->
                                change.outcome()
                                        .map(ours -> differences(ours, theirs))
                                        .map(
                                                it ->
                                                        new Witness(
                                                                finding,
                                                                theirs,
                                                                resourceVersion,
                                                                it)));
    }

    /// That the change is refused is known by now: the words get the time that is left.
    private Differences differences(Policy ours, Policy theirs) {
        var differences = Differ.between(ours, theirs, deadline);
        return ours.intent().members().equals(theirs.intent().members())
                ? differences
                : differences.after(
                        new Difference.Changed(
                                "metadata.annotations[\"" + Intent.MEMBERS + "\"]",
                                ours.intent().members().toString(),
                                theirs.intent().members().toString()));
    }
}
