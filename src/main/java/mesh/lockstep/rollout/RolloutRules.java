package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;
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
import mesh.lockstep.rollout.PeerView.Apart;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;

/// The facts about a change. One that stays on the line is right: from peers that are behind, to
/// where peers that are ahead have come from. One that forks is not, unless it joins a version that
/// a peer already has; a higher revision says "I mean it".
///
/// @param here the cluster in which the change is made
public record RolloutRules(ClusterName here) {

    /// At most one finding for each peer, in the order of the views; none for a peer that agrees,
    /// or that the policy is not meant for, or whose namespace is its own affair.
    ///
    /// @param history of the policy
    public List<Finding> examine(Change change, List<PeerView> views, History history) {
        var outcome = change.outcome();
        if (outcome.isEmpty()) {
            return views.stream().flatMap(view -> afterDeletion(change, view).stream()).toList();
        }
        var after = outcome.get();
        var joining = isJoining(after, views);
        return views.stream()
                .flatMap(view -> afterWrite(change, after, view, history, joining).stream())
                .toList();
    }

    /// Without this, three versions, which races and outages do produce, would be a trap: every way
    /// back to agreement would pass through a refused write.
    private boolean isJoining(Policy after, List<PeerView> views) {
        return views.stream()
                .anyMatch(view -> view instanceof Holds holds && isJoined(after, holds));
    }

    private boolean isJoined(Policy after, Holds holds) {
        return isShared(after, holds.peer())
                && isSharedByPeer(holds)
                && holds.version().equals(after.version())
                && holds.revision().equals(after.intent().revision());
    }

    private Optional<Finding> afterWrite(
            Change change, Policy after, PeerView view, History history, boolean joining) {
        if (!isShared(after, view.peer())) {
            return afterLeaving(change, after, view);
        }
        return switch (view) {
            case PeerView.Unknown(var peer, var cause) -> Optional.of(new Unknown(peer, cause));
            case Lacks(var peer) -> Optional.of(new Missing(peer));
            case Apart _ -> Optional.empty();
            case Holds holds when !isSharedByPeer(holds) -> Optional.empty();
            case Holds holds when holds.version().equals(after.version()) -> Optional.empty();
            case Holds holds -> Optional.of(compare(change, after, holds, history, joining));
        };
    }

    private static Finding compare(
            Change change, Policy after, Holds holds, History history, boolean joining) {
        var ours = after.intent().revision();
        if (holds.revision().isAbove(ours)) {
            return new Newer(holds.peer(), holds.revision());
        }
        if (ours.isAbove(holds.revision())) {
            return new Older(holds.peer(), holds.revision());
        }
        var theirs = holds.version().fingerprint();
        var from = change.from();
        if (from.filter(theirs::equals).isPresent()) {
            return new Previous(holds.peer());
        }
        var to = after.version().fingerprint();
        if (Stream.concat(from.stream(), Stream.of(to))
                .anyMatch(fingerprint -> history.isBefore(theirs, fingerprint))) {
            return new Earlier(holds.peer());
        }
        if (history.isBefore(to, theirs)) {
            return new Ahead(holds.peer());
        }
        var movedOn = from.filter(fingerprint -> history.isBefore(fingerprint, theirs)).isPresent();
        return new Differs(holds.peer(), joining, movedOn);
    }

    /// The policy will not be meant for the peer. That is a finding only where it was, or where a
    /// copy of our own would hide what the peer shares with us; raising the revision declares it.
    private Optional<Finding> afterLeaving(Change change, Policy after, PeerView view) {
        var before = change.origin();
        if (change.keepsMembers()
                || before.filter(policy -> !isShared(policy, view.peer())).isPresent()) {
            return Optional.empty();
        }
        return switch (view) {
            case PeerView.Unknown(var peer, var cause) -> before.map(_ -> new Unknown(peer, cause));
            case Lacks _, Apart _ -> Optional.empty();
            case Holds holds when !isSharedByPeer(holds) -> Optional.empty();
            case Holds holds when holds.version().equals(after.version()) -> Optional.empty();
            case Holds(var peer, _, var theirs) ->
                    Optional.of(
                            after.intent().revision().isAbove(theirs)
                                    ? new Older(peer, theirs)
                                    : new Detached(peer));
        };
    }

    private Optional<Finding> afterDeletion(Change change, PeerView view) {
        if (change.origin().filter(before -> isShared(before, view.peer())).isEmpty()) {
            return Optional.empty();
        }
        return switch (view) {
            case PeerView.Unknown(var peer, var cause) -> Optional.of(new Unknown(peer, cause));
            case Lacks _, Apart _ -> Optional.empty();
            case Holds holds when !isSharedByPeer(holds) -> Optional.empty();
            case Holds(var peer, _, _) -> Optional.of(new StillHeld(peer));
        };
    }

    private boolean isShared(Policy ours, ClusterName peer) {
        return ours.intent().members().share(here, peer);
    }

    private boolean isSharedByPeer(Holds holds) {
        return holds.version().members().share(holds.peer(), here);
    }
}
