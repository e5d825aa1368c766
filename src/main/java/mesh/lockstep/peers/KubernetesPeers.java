package mesh.lockstep.peers;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Testimony;
import org.jspecify.annotations.Nullable;

/// The peers that there are now.
@ApplicationScoped
public class KubernetesPeers implements Holdings {

    private final Map<ClusterName, Peer> peers = new ConcurrentSkipListMap<>();
    private final Duration askTimeout;
    private final List<Consumer<PolicyKey>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable ClusterName here;
    private volatile @Nullable Peer own;
    private volatile boolean known;

    KubernetesPeers(PeersConfig config) {
        askTimeout = config.askTimeout();
    }

    @Override
    public Optional<ClusterName> here() {
        return Optional.ofNullable(here);
    }

    /// Said once, before the first peer joins.
    void weAre(ClusterName name) {
        own = new Peer.Unusable(name, "not read yet");
        here = name;
    }

    private Peer own() {
        return Objects.requireNonNull(own, "not known yet who we are");
    }

    /// Said once: how to read what this cluster holds.
    void weHold(Peer policies) {
        own = policies;
    }

    @Override
    public PeerView recallOwn(PolicyKey key) {
        return own().recall(key);
    }

    @Override
    public Map<ClusterName, MemberSettings> settings() {
        var settings = new LinkedHashMap<ClusterName, MemberSettings>();
        here().flatMap(it -> own().settings().map(known -> Map.entry(it, known)))
                .ifPresent(it -> settings.put(it.getKey(), it.getValue()));
        peers.forEach(
                (name, peer) -> peer.settings().ifPresent(known -> settings.put(name, known)));
        return settings;
    }

    @Override
    public Set<PolicyKey> keys() {
        var keys = new HashSet<>(own().keys());
        peers.values().forEach(it -> keys.addAll(it.keys()));
        return keys;
    }

    /// Said when all that were there at the start have joined.
    void areKnown() {
        known = true;
    }

    @Override
    public Map<ClusterName, Boolean> believed() {
        if (!known) {
            return Map.of();
        }
        return Stream.concat(Stream.of(own()), peers.values().stream())
                .map(Peer::status)
                .collect(Collectors.toMap(PeerStatus::peer, PeerStatus::up));
    }

    @Override
    public void listen(Consumer<PolicyKey> listener) {
        listeners.add(listener);
    }

    void changed(PolicyKey key) {
        listeners.forEach(it -> it.accept(key));
    }

    /// All policies in a namespace are to be looked at again.
    void changedIn(String namespace) {
        if (own != null) {
            keys().stream().filter(it -> it.namespace().equals(namespace)).forEach(this::changed);
        }
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
        var peer = name.equals(here) ? own() : peers.get(name);
        return peer == null
                ? new Testimony.Silent(name, "no longer a peer")
                : peer.ask(key, atMost);
    }

    /// How it stands with each peer, in the order of their names.
    public List<PeerStatus> statuses() {
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
        peer.keys().forEach(this::changed);
    }

    void leave(ClusterName name) {
        var peer = peers.remove(name);
        if (peer != null) {
            peer.close();
        }
    }
}
