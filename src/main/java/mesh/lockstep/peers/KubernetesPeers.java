package mesh.lockstep.peers;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;
import mesh.lockstep.rollout.Trace;

/// The peers that there are now.
@Singleton
public class KubernetesPeers implements Holdings {

    private final Map<ClusterName, Peer> peers = new ConcurrentSkipListMap<>();
    private final Duration askTimeout;
    private final List<Consumer<PolicyKey>> listeners = new CopyOnWriteArrayList<>();
    private final List<Movements> followers = new CopyOnWriteArrayList<>();
    private volatile Optional<Ourselves> ourselves = Optional.empty();
    private volatile boolean known;

    /// This cluster, which is read like a peer.
    private record Ourselves(ClusterName name, Peer peer) {}

    KubernetesPeers(PeersConfig config) {
        askTimeout = config.askTimeout();
    }

    @Override
    public Optional<ClusterName> here() {
        return ourselves.map(Ourselves::name);
    }

    /// Who we are, and what reads what this cluster holds; before the first peer joins.
    void weAre(ClusterName name, Peer peer) {
        ourselves = Optional.of(new Ourselves(name, peer));
    }

    private Peer own() {
        return ourselves
                .map(Ourselves::peer)
                .orElseThrow(() -> new IllegalStateException("not known yet who we are"));
    }

    @Override
    public PeerView recallOwn(PolicyKey key) {
        return own().recall(key);
    }

    @Override
    public boolean holdHere(PolicyKey key, Deadline deadline) {
        return here().isPresent()
                && own().ask(key, deadline.orIn(askTimeout)) instanceof LiveAnswer.Shown;
    }

    @Override
    public SortedMap<ClusterName, MemberFacts> facts() {
        var facts = new TreeMap<ClusterName, MemberFacts>();
        ourselves.ifPresent(ourselves -> facts.put(ourselves.name(), ourselves.peer().facts()));
        peers.forEach((name, peer) -> facts.put(name, peer.facts()));
        return facts;
    }

    @Override
    public Set<PolicyReference> references() {
        return own().references();
    }

    @Override
    public SortedMap<ClusterName, List<Objection>> objections(PolicyKey key) {
        var objections = new TreeMap<ClusterName, List<Objection>>();
        ourselves.ifPresent(
                ourselves -> objections.put(ourselves.name(), ourselves.peer().objections(key)));
        peers.forEach((name, peer) -> objections.put(name, peer.objections(key)));
        objections.values().removeIf(List::isEmpty);
        return objections;
    }

    @Override
    public Set<PolicyKey> keys() {
        var keys = new HashSet<>(own().keys());
        peers.values().forEach(peer -> keys.addAll(peer.keys()));
        return keys;
    }

    /// All that were there at the start have joined.
    void nowKnown() {
        known = true;
    }

    /// Whether the folder was looked into; before, nobody knows who the peers are.
    boolean areKnown() {
        return known;
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

    @Override
    public void follow(Movements movements) {
        followers.add(movements);
    }

    /// Tells all who follow.
    Movements movements() {
        return new Movements() {
            @Override
            public void there(
                    ClusterName peer,
                    PolicyKey key,
                    Optional<Version> from,
                    Optional<Version> to,
                    boolean isWatched) {
                followers.forEach(movements -> movements.there(peer, key, from, to, isWatched));
            }

            @Override
            public void here(PolicyKey key, Optional<Trace> now, boolean isWatched) {
                followers.forEach(movements -> movements.here(key, now, isWatched));
            }
        };
    }

    void changed(PolicyKey key) {
        listeners.forEach(listener -> listener.accept(key));
    }

    /// All policies in these namespaces are to be looked at again.
    void changedIn(Set<String> namespaces) {
        if (ourselves.isPresent()) {
            keys().stream()
                    .filter(key -> namespaces.contains(key.namespace()))
                    .forEach(this::changed);
        }
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return peers.values().stream().map(peer -> peer.recall(key)).toList();
    }

    @Override
    public LiveAnswers ask(List<ClusterName> names, PolicyKey key, Deadline deadline) {
        return new LiveReads(inOrder(names, key), name -> ask(name, key, deadline), deadline);
    }

    /// First the peers that are remembered to hold something, since only they can show it; of them,
    /// those that owe us no answer, or not for as long; then at random, but in the same order each
    /// time for one policy.
    List<ClusterName> inOrder(List<ClusterName> names, PolicyKey key) {
        return names.stream()
                .map(name -> Candidate.of(name, peer(name), key))
                .sorted(Candidate.ORDER)
                .map(Candidate::name)
                .toList();
    }

    private record Candidate(ClusterName name, boolean holds, Duration owing, int chance) {

        static final Comparator<Candidate> ORDER =
                Comparator.comparing(Candidate::holds, Comparator.reverseOrder())
                        .thenComparing(Candidate::owing)
                        .thenComparingInt(Candidate::chance);

        static Candidate of(ClusterName name, Optional<Peer> peer, PolicyKey key) {
            return new Candidate(
                    name,
                    peer.filter(each -> each.recall(key) instanceof PeerView.Holds).isPresent(),
                    peer.map(Peer::owing).orElse(Duration.ZERO),
                    (name.value() + key.qualifiedName()).hashCode());
        }
    }

    Optional<Peer> peer(ClusterName name) {
        return ourselves
                .filter(ourselves -> ourselves.name().equals(name))
                .map(Ourselves::peer)
                .or(() -> Optional.ofNullable(peers.get(name)));
    }

    private LiveAnswer ask(ClusterName name, PolicyKey key, Deadline deadline) {
        return peer(name)
                .map(peer -> peer.ask(key, deadline))
                .orElseGet(() -> new LiveAnswer.Silent(name, "no longer a peer"));
    }

    /// The state of each peer, in the order of their names.
    public List<PeerStatus> statuses() {
        return peers.values().stream().map(Peer::status).toList();
    }

    Optional<PeerStatus> status(ClusterName name) {
        return Optional.ofNullable(peers.get(name)).map(Peer::status);
    }

    /// Replaces the peer of that name; the caller closes the old one.
    void join(ClusterName name, Peer peer) {
        peers.put(name, peer);
        peer.keys().forEach(this::changed);
    }

    void leave(ClusterName name) {
        var peer = peers.remove(name);
        if (peer != null) {
            peer.close();
        }
    }
}
