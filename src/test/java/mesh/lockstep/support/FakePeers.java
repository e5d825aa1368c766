package mesh.lockstep.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.ClusterName;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Testimony;

/// Peers that hold what a test says, and note who was asked.
public final class FakePeers implements Peers {

    private final Map<ClusterName, PeerView> remembered = new TreeMap<>();
    private final Map<ClusterName, Testimony> live = new TreeMap<>();
    private final ConcurrentLinkedQueue<ClusterName> asked = new ConcurrentLinkedQueue<>();

    public FakePeers holding(String peer, Policy policy) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Holds(name, policy.meaning().digest()));
        return showing(peer, policy);
    }

    public FakePeers lacking(String peer) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Lacks(name));
        return notShowing(peer);
    }

    public FakePeers unreachable(String peer, String cause) {
        var name = new ClusterName(peer);
        remembered.put(name, new PeerView.Unreachable(name, cause));
        return silent(peer, cause);
    }

    /// From now on, when asked: memory stays as it is.
    public FakePeers showing(String peer, Policy policy) {
        var name = new ClusterName(peer);
        live.put(name, new Testimony.Shown(name, policy, "1001"));
        return this;
    }

    public FakePeers notShowing(String peer) {
        var name = new ClusterName(peer);
        live.put(name, new Testimony.NotFound(name));
        return this;
    }

    public FakePeers silent(String peer, String cause) {
        var name = new ClusterName(peer);
        live.put(name, new Testimony.Silent(name, cause));
        return this;
    }

    /// Takes the question and never answers.
    public FakePeers neverAnswering(String peer) {
        live.remove(new ClusterName(peer));
        return this;
    }

    public void forget() {
        remembered.clear();
        live.clear();
        asked.clear();
    }

    public List<String> asked() {
        return asked.stream().map(ClusterName::value).sorted().toList();
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return new ArrayList<>(remembered.values());
    }

    @Override
    public Testimony ask(ClusterName peer, PolicyKey key, Duration atMost) {
        asked.add(peer);
        var testimony = live.get(peer);
        return testimony == null ? waitForEver(peer) : testimony;
    }

    private static Testimony waitForEver(ClusterName peer) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Testimony.Silent(peer, "interrupted");
    }
}
