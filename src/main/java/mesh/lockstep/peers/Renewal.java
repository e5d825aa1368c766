package mesh.lockstep.peers;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;

/// A peer whose file has changed: it is read with its old credentials until the new ones have read
/// all that it holds.
record Renewal(WatchedPeer former, Peer next) implements Peer {

    /// Whether the new credentials replace the old ones: as soon as they can, or when nothing is
    /// heard with the old ones any more.
    boolean isOver() {
        return next.status().up() || !former.isHeard();
    }

    @Override
    public PeerView recall(PolicyKey key) {
        return former.recall(key);
    }

    @Override
    public LiveAnswer ask(PolicyKey key, Deadline deadline) {
        return former.ask(key, deadline);
    }

    @Override
    public Duration owing() {
        return former.owing();
    }

    @Override
    public Set<PolicyKey> keys() {
        return former.keys();
    }

    @Override
    public List<Objection> objections(PolicyKey key) {
        return former.objections(key);
    }

    @Override
    public MemberFacts facts() {
        return former.facts().notRenewed(status().notRenewed());
    }

    @Override
    public Set<PolicyReference> references() {
        return former.references();
    }

    @Override
    public PeerStatus status() {
        return former.status().renewedBy(next.status().standing());
    }

    @Override
    public void close() {
        former.close();
        next.close();
    }
}
