package mesh.lockstep.peers;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;

/// Makes the peers what the folder says: they come, change and go with their files.
///
/// For one thread.
final class Roster implements AutoCloseable {

    /// How long a peer with new credentials has to synchronise before it takes the place of the old
    /// one anyway.
    private static final Duration HANDOVER = Duration.ofSeconds(30);

    private final ClusterName here;
    private final KubernetesPeers peers;
    private final PeerOpening opening;
    private final Map<ClusterName, PeerFile> files = new HashMap<>();
    private final Map<ClusterName, Successor> successors = new HashMap<>();

    private record Successor(Peer peer, Deadline deadline) {}

    Roster(ClusterName here, KubernetesPeers peers, PeerOpening opening) {
        this.here = here;
        this.peers = peers;
        this.opening = opening;
    }

    /// Brings the peers up to date with the folder.
    ///
    /// @param present the files that there are now
    void follow(Map<ClusterName, PeerFile> present) {
        opening.surroundings().turns().members(present.size());
        for (var name : new HashSet<>(files.keySet())) {
            if (!present.containsKey(name)) {
                leave(name);
            }
        }
        present.forEach(
                (name, file) -> {
                    if (!name.equals(here) && !file.equals(files.put(name, file))) {
                        come(name, file);
                    }
                });
        successors.entrySet().removeIf(it -> hasTakenOver(it.getKey(), it.getValue()));
    }

    /// Memory of a peer whose credentials rotate is used until the new ones have read it anew:
    /// rotation is no outage.
    private void come(ClusterName name, PeerFile file) {
        withdraw(name);
        var peer = opening.open(name, file);
        if (peer instanceof WatchedPeer && isUp(name)) {
            successors.put(name, new Successor(peer, Deadline.in(HANDOVER)));
        } else {
            peers.join(name, peer);
        }
    }

    private boolean hasTakenOver(ClusterName name, Successor successor) {
        if (successor.peer().status().up() || !isUp(name) || successor.deadline().isPast()) {
            peers.join(name, successor.peer());
            return true;
        }
        return false;
    }

    private boolean isUp(ClusterName name) {
        return peers.status(name).filter(PeerStatus::up).isPresent();
    }

    private void leave(ClusterName name) {
        files.remove(name);
        withdraw(name);
        peers.leave(name);
    }

    private void withdraw(ClusterName name) {
        Optional.ofNullable(successors.remove(name)).ifPresent(it -> it.peer().close());
    }

    @Override
    public void close() {
        new HashSet<>(files.keySet()).forEach(this::leave);
    }
}
