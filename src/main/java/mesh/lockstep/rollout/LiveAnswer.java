package mesh.lockstep.rollout;

import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;

/// The outcome of asking a peer's API server.
public sealed interface LiveAnswer {

    ClusterName peer();

    /// The same in the terms of what is remembered; empty if it says nothing of the peer.
    Optional<PeerView> view();

    /// The policy as the peer holds it now.
    ///
    /// @param resourceVersion of the peer's object
    record Shown(ClusterName peer, Policy policy, String resourceVersion) implements LiveAnswer {
        @Override
        public Optional<PeerView> view() {
            return Optional.of(
                    new PeerView.Holds(peer, policy.version(), policy.intent().revision()));
        }
    }

    record NotFound(ClusterName peer) implements LiveAnswer {
        @Override
        public Optional<PeerView> view() {
            return Optional.of(new PeerView.Lacks(peer));
        }
    }

    /// No answer, or none that can be used.
    ///
    /// @param cause for people, in a few words
    record Silent(ClusterName peer, String cause) implements LiveAnswer {
        @Override
        public Optional<PeerView> view() {
            return Optional.of(new PeerView.Unknown(peer, cause));
        }
    }

    /// The peer was not asked, or did not have its time for an answer: for lack of a place or of
    /// time, which is not the peer's silence. What is remembered of it stands.
    ///
    /// @param cause for people, in a few words
    record Deferred(ClusterName peer, String cause) implements LiveAnswer {
        @Override
        public Optional<PeerView> view() {
            return Optional.empty();
        }
    }
}
