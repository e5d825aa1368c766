package mesh.lockstep.policy.reading;

import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.PolicyPeer;

/// One peer of an entry, whatever else the entry names.
///
/// Source: `SelectorKey` in `pkg/policy/api` of Cilium, by which it finds a selector again: another
/// spelling is another selector, though it selects the same.
///
/// @param spelling at least as fine as Cilium's; empty where there is no other
record PeerAsWritten(PolicyPeer peer, String spelling) {

    /// Where it may be the same as another one: in that one's place.
    PeerAsWritten as(PeerAsWritten other) {
        return new PeerAsWritten(other.peer, Abridged.of(peer.text() + " " + spelling));
    }
}
