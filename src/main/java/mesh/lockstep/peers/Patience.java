package mesh.lockstep.peers;

import java.time.Duration;
import mesh.lockstep.peers.PeerStatus.Standing.Unknown;
import mesh.lockstep.peers.PeerStatus.Standing.Unusable;
import mesh.lockstep.policy.Deadline;

/// Which peers a start waits for: for a peer that is being read longer than for one that has
/// failed, which may only be early, as a new pod's network is, or dead, and then each pod of an
/// upgrade would wait for it in vain.
///
/// @param reading until when peers are waited for
/// @param failed until when those are of which reading has failed
record Patience(Deadline reading, Deadline failed) {

    private static final Duration WITH_FAILED = Duration.ofSeconds(5);

    static Patience of(Duration readyWait) {
        var shorter = readyWait.compareTo(WITH_FAILED) < 0 ? readyWait : WITH_FAILED;
        return new Patience(Deadline.in(readyWait), Deadline.in(shorter));
    }

    boolean isOverWith(PeerStatus peer) {
        return peer.synced()
                || reading.isPast()
                || switch (peer.standing()) {
                    case Unusable _ -> true;
                    case Unknown _ -> failed.isPast();
                    case PeerStatus.Standing.InSync _, PeerStatus.Standing.Joining _ -> false;
                };
    }
}
