package mesh.lockstep.peers;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Testimony;
import org.jspecify.annotations.Nullable;

/// The peers that there are now.
@ApplicationScoped
public class KubernetesPeers implements Peers {

    private final Map<ClusterName, Peer> peers = new ConcurrentSkipListMap<>();
    private final Duration askTimeout;
    private volatile @Nullable ClusterName here;

    KubernetesPeers(PeersConfig config) {
        askTimeout = config.askTimeout();
    }

    @Override
    public Optional<ClusterName> here() {
        return Optional.ofNullable(here);
    }

    /// Said once, before the first peer joins.
    void weAre(ClusterName name) {
        here = name;
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return peers.values().stream().map(peer -> peer.recall(key)).toList();
    }

    @Override
    public Testimonies ask(List<ClusterName> names, PolicyKey key, Duration atMost) {
        var bounded = atMost.compareTo(askTimeout) < 0 ? atMost : askTimeout;
        return new Inquiry(names, name -> ask(name, key, bounded), bounded);
    }

    private Testimony ask(ClusterName name, PolicyKey key, Duration atMost) {
        var peer = peers.get(name);
        return peer == null
                ? new Testimony.Silent(name, "no longer a peer")
                : peer.ask(key, atMost);
    }

    List<PeerStatus> statuses() {
        return peers.values().stream().map(Peer::status).toList();
    }

    Set<ClusterName> names() {
        return peers.keySet();
    }

    Optional<PeerStatus> status(ClusterName name) {
        return Optional.ofNullable(peers.get(name)).map(Peer::status);
    }

    void join(ClusterName name, Peer peer) {
        var before = peers.put(name, peer);
        if (before != null) {
            before.close();
        }
    }

    void leave(ClusterName name) {
        var peer = peers.remove(name);
        if (peer != null) {
            peer.close();
        }
    }
}
