package mesh.lockstep.peers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;

/// Makes the peers what the folder says: they come, change and go with their files.
///
/// For one thread.
final class Roster implements AutoCloseable {

    private final ClusterName here;
    private final KubernetesPeers peers;
    private final PeerOpening opening;
    private final Map<ClusterName, PeerFile> files = new HashMap<>();

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
        files.keySet().forEach(this::handOver);
    }

    /// Memory of a peer whose credentials rotate is used until the new ones have read it anew:
    /// rotation is not an outage, and neither are new credentials that do not work.
    private void come(ClusterName name, PeerFile file) {
        var next = opening.open(name, file);
        switch (peers.peer(name).orElse(null)) {
            case null -> peers.join(name, next);
            case WatchedPeer former when former.isHeard() ->
                    peers.join(name, new Renewal(former, next));
            case Renewal(var former, var other) when former.isHeard() -> {
                peers.join(name, new Renewal(former, next));
                other.close();
            }
            case Peer before -> {
                peers.join(name, next);
                before.close();
            }
        }
    }

    private void handOver(ClusterName name) {
        if (peers.peer(name).orElse(null) instanceof Renewal renewal && renewal.isOver()) {
            peers.join(name, renewal.next());
            renewal.former().close();
        }
    }

    private void leave(ClusterName name) {
        files.remove(name);
        peers.leave(name);
    }

    @Override
    public void close() {
        new HashSet<>(files.keySet()).forEach(this::leave);
    }
}
