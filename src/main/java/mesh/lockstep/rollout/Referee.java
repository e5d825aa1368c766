package mesh.lockstep.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Differ;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.Testimony.Shown;
import mesh.lockstep.rollout.Verdict.Admitted;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;
import mesh.lockstep.rollout.Verdict.Witness;

/// Judges a change: from memory, and before it refuses, by asking again. What is remembered alone
/// never refuses.
public final class Referee {

    private final Peers peers;
    private final Enforcement enforcement;

    public Referee(Peers peers, Enforcement enforcement) {
        this.peers = peers;
        this.enforcement = enforcement;
    }

    /// Judges one change.
    ///
    /// @param atMost how long asking may take in all
    public Judgement judge(Change change, Duration atMost) {
        var views = peers.recall(change.key());
        var weighed = weigh(change, views);
        if (!refuses(weighed)) {
            return new Judgement(new Admitted(weighed), false);
        }
        return new Judgement(askAgain(change, views, weighed, atMost), true);
    }

    private List<Weighed> weigh(Change change, List<PeerView> views) {
        return enforcement.weigh(change, RolloutRules.examine(change, views));
    }

    private static boolean refuses(List<Weighed> weighed) {
        return weighed.stream().anyMatch(it -> it.severity() == Severity.DENY);
    }

    /// Asks the accused, and those that memory calls missing since they may have joined by now. The
    /// first that confirms settles it; who no longer conflicts is withdrawn; who does not answer is
    /// unknown.
    private Verdict askAgain(
            Change change, List<PeerView> views, List<Weighed> weighed, Duration atMost) {
        var asked = weighed.stream().filter(Referee::isWorthAsking).map(it -> it.finding().peer());
        try (var testimonies = peers.ask(asked.toList(), change.key(), atMost)) {
            var fresh = new ArrayList<>(views);
            for (var testimony : testimonies) {
                fresh.replaceAll(
                        view ->
                                view.peer().equals(testimony.view().peer())
                                        ? testimony.view()
                                        : view);
                var now = weigh(change, fresh);
                var witness = witness(change, testimony, now);
                if (witness.isPresent()) {
                    return new Refused(now, witness);
                }
            }
            var now = weigh(change, fresh);
            return refuses(now) ? new Refused(now, Optional.empty()) : new Admitted(now);
        }
    }

    private static boolean isWorthAsking(Weighed weighed) {
        return switch (weighed.finding()) {
            case Unknown _ -> false;
            case Missing _ -> true;
            default -> weighed.severity() == Severity.DENY;
        };
    }

    private static Optional<Witness> witness(
            Change change, Testimony testimony, List<Weighed> weighed) {
        if (!(testimony instanceof Shown(var peer, var theirs, var resourceVersion))) {
            return Optional.empty();
        }
        return weighed.stream()
                .filter(it -> it.severity() == Severity.DENY && it.finding().peer().equals(peer))
                .map(Weighed::finding)
                .findFirst()
                .flatMap(
                        finding ->
                                change.outcome()
                                        .map(ours -> Differ.between(ours, theirs))
                                        .map(it -> new Witness(finding, resourceVersion, it)));
    }
}
