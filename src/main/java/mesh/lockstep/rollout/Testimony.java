package mesh.lockstep.rollout;

import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Policy;

/// What a peer's API server says when it is asked.
public sealed interface Testimony {

    /// The same in the terms of what is remembered.
    PeerView view();

    /// The policy as the peer holds it now.
    ///
    /// @param resourceVersion of the peer's object
    record Shown(ClusterName peer, Policy policy, String resourceVersion) implements Testimony {
        @Override
        public PeerView view() {
            return new PeerView.Holds(peer, policy.version(), policy.intent().revision());
        }
    }

    record NotFound(ClusterName peer) implements Testimony {
        @Override
        public PeerView view() {
            return new PeerView.Lacks(peer);
        }
    }

    /// No answer, or none that can be used.
    ///
    /// @param cause for people, in a few words
    record Silent(ClusterName peer, String cause) implements Testimony {
        @Override
        public PeerView view() {
            return new PeerView.Unreachable(peer, cause);
        }
    }
}
