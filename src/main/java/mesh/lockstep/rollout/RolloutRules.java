package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.rollout.Finding.Differs;
import mesh.lockstep.rollout.Finding.Missing;
import mesh.lockstep.rollout.Finding.Previous;
import mesh.lockstep.rollout.Finding.StillHeld;
import mesh.lockstep.rollout.Finding.Unknown;
import mesh.lockstep.rollout.PeerView.Holds;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unreachable;

/// The facts about a change: at most two versions in the mesh, the one we come from and the one we
/// go to; joining a version that a peer already has is always right.
///
/// Without the joining clause three versions, which races and outages do produce, would be a trap:
/// every way back to agreement would pass through a refused write.
public final class RolloutRules {

    private RolloutRules() {}

    /// At most one finding for each peer, in the order of the views; none for a peer that agrees.
    public static List<Finding> examine(Change change, List<PeerView> views) {
        var target = change.outcome().map(policy -> policy.meaning().digest());
        var joining =
                target.isPresent() && views.stream().anyMatch(view -> holds(view, target.get()));
        return views.stream()
                .flatMap(
                        view ->
                                target
                                        .map(after -> compare(change, after, view, joining))
                                        .orElseGet(() -> afterDeletion(view))
                                        .stream())
                .toList();
    }

    private static boolean holds(PeerView view, Digest digest) {
        return view instanceof Holds(_, var theirs) && theirs.equals(digest);
    }

    private static Optional<Finding> compare(
            Change change, Digest after, PeerView view, boolean joining) {
        return switch (view) {
            case Unreachable(var peer, var cause) -> Optional.of(new Unknown(peer, cause));
            case Lacks(var peer) -> Optional.of(new Missing(peer));
            case Holds(_, var theirs) when theirs.equals(after) -> Optional.empty();
            case Holds(var peer, var theirs)
                    when change.origin().filter(theirs::equals).isPresent() ->
                    Optional.of(new Previous(peer));
            case Holds(var peer, _) -> Optional.of(new Differs(peer, joining));
        };
    }

    private static Optional<Finding> afterDeletion(PeerView view) {
        return switch (view) {
            case Unreachable(var peer, var cause) -> Optional.of(new Unknown(peer, cause));
            case Lacks _ -> Optional.empty();
            case Holds(var peer, _) -> Optional.of(new StillHeld(peer));
        };
    }
}
