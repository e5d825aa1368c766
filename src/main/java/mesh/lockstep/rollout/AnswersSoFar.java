package mesh.lockstep.rollout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Shown;
import mesh.lockstep.rollout.LiveAnswer.Silent;

/// What the peers that are asked have said so far.
final class AnswersSoFar {

    private final List<PeerView> views;
    private final Set<ClusterName> unheard;
    private final Map<ClusterName, Shown> shown = new HashMap<>();
    private final Map<ClusterName, String> deferred = new HashMap<>();

    /// @param views of all peers, from memory
    /// @param asked the peers that are asked
    AnswersSoFar(List<PeerView> views, List<ClusterName> asked) {
        this.views = new ArrayList<>(views);
        unheard = new HashSet<>(asked);
    }

    void add(LiveAnswer answer) {
        unheard.remove(answer.peer());
        answer.view()
                .ifPresent(
                        said ->
                                views.replaceAll(
                                        view -> view.peer().equals(said.peer()) ? said : view));
        switch (answer) {
            case Shown it -> shown.put(it.peer(), it);
            case Deferred(var peer, var cause) -> deferred.put(peer, cause);
            case NotFound _, Silent _ -> {}
        }
    }

    /// What all peers said, or else what is remembered of them.
    List<PeerView> views() {
        return views;
    }

    /// The first that a peer has shown to be so.
    ///
    /// @param accusations in the order of the peers' names
    Optional<Finding> confirmed(List<Finding> accusations) {
        return accusations.stream()
                .filter(finding -> shown.containsKey(finding.peer()))
                .findFirst();
    }

    /// Whether that is the first, whatever the others say.
    boolean isSettled(List<Finding> accusations) {
        return accusations.stream()
                .map(Finding::peer)
                .filter(name -> shown.containsKey(name) || unheard.contains(name))
                .findFirst()
                .filter(shown::containsKey)
                .isPresent();
    }

    /// What a peer has shown, if it has.
    Optional<Shown> shownBy(ClusterName peer) {
        return Optional.ofNullable(shown.get(peer));
    }

    /// Why a peer could not be asked, if it could not.
    Optional<String> deferredBy(ClusterName peer) {
        return Optional.ofNullable(deferred.get(peer));
    }
}
