package mesh.lockstep.support;

import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Peers;

/// The peers of cluster1: they hold what a test says, and note who was asked. They answer in the
/// order of their names.
@Mock
@Singleton
public final class FakePeers implements Peers {

    private final Map<ClusterName, PeerView> remembered = new TreeMap<>();
    private final Map<ClusterName, LiveAnswer> live = new TreeMap<>();
    private final SortedMap<ClusterName, MemberFacts> facts = new TreeMap<>();
    private volatile boolean heldHere;
    private final ConcurrentLinkedQueue<ClusterName> asked = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Deadline> listener = _ -> {};
    private volatile boolean reversed;
    private volatile boolean concluded;

    public FakePeers holding(String peer, Policy policy) {
        var name = new ClusterName(peer);
        remembered.put(
                name, new PeerView.Holds(name, policy.version(), policy.intent().revision()));
        return showing(peer, policy);
    }

    public FakePeers lacking(String peer) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Lacks(name));
        return notShowing(peer);
    }

    /// What it holds is its own affair: it does not share the namespace.
    public FakePeers apart(String peer) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Apart(name));
        return this;
    }

    public FakePeers unreachable(String peer, String cause) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Unknown(name, cause));
        return silent(peer, cause);
    }

    /// From now on, when asked: memory stays as it is.
    public FakePeers showing(String peer, Policy policy) {
        var name = new ClusterName(peer);
        live.put(name, new LiveAnswer.Shown(name, policy, "1001"));
        return this;
    }

    public FakePeers notShowing(String peer) {
        var name = new ClusterName(peer);
        live.put(name, new LiveAnswer.NotFound(name));
        return this;
    }

    public FakePeers silent(String peer, String cause) {
        var name = new ClusterName(peer);
        live.put(name, new LiveAnswer.Silent(name, cause));
        return this;
    }

    /// Whether this cluster's own API server says that it has the policy.
    public FakePeers heldHere(boolean held) {
        heldHere = held;
        return this;
    }

    @Override
    public boolean holdHere(PolicyKey key, Deadline deadline) {
        return heldHere;
    }

    public FakePeers deferring(String peer, String cause) {
        var name = new ClusterName(peer);
        live.put(name, new LiveAnswer.Deferred(name, cause));
        return this;
    }

    public FakePeers notRenewed(String peer, String cause) {
        return knowing(peer, it -> it.notRenewed(Optional.of(cause)));
    }

    public FakePeers withGroups(String member, Set<String> groups) {
        return knowing(member, it -> it.withCidrGroups(Optional.of(groups)));
    }

    private FakePeers knowing(String member, UnaryOperator<MemberFacts> more) {
        facts.compute(
                new ClusterName(member),
                (_, known) -> more.apply(known == null ? MemberFacts.UNKNOWN : known));
        return this;
    }

    @Override
    public SortedMap<ClusterName, MemberFacts> facts() {
        return facts;
    }

    /// From now on they answer the other way around.
    public FakePeers answeringInReverse() {
        reversed = true;
        return this;
    }

    /// Whether somebody has heard enough, and others were still to answer.
    public boolean concluded() {
        return concluded;
    }

    public void forget() {
        concluded = false;
        reversed = false;
        listener = _ -> {};
        heldHere = false;
        facts.clear();
        remembered.clear();
        live.clear();
        asked.clear();
    }

    public List<String> asked() {
        return asked.stream().map(ClusterName::value).sorted().toList();
    }

    @Override
    public Optional<ClusterName> here() {
        return Optional.of(new ClusterName("cluster1"));
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return new ArrayList<>(remembered.values());
    }

    /// Told of the deadline whenever somebody is asked.
    public FakePeers whenAsked(Consumer<Deadline> listener) {
        this.listener = listener;
        return this;
    }

    @Override
    public LiveAnswers ask(List<ClusterName> peers, PolicyKey key, Deadline deadline) {
        asked.addAll(peers);
        listener.accept(deadline);
        var answers =
                (reversed ? peers.reversed() : peers)
                        .stream()
                                .map(
                                        peer ->
                                                live.getOrDefault(
                                                        peer,
                                                        new LiveAnswer.Silent(
                                                                peer, "not in this test")))
                                .iterator();
        return new LiveAnswers() {
            @Override
            public Iterator<LiveAnswer> iterator() {
                return answers;
            }

            @Override
            public void conclude() {
                concluded = true;
            }

            @Override
            public void close() {}
        };
    }
}
