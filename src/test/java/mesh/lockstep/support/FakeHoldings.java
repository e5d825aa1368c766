package mesh.lockstep.support;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Reference;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Movements;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;

/// What cluster1 and its peers hold, as a test says.
public final class FakeHoldings implements Holdings {

    public static final ClusterName HERE = new ClusterName("cluster1");

    private final Map<ClusterName, Map<PolicyKey, Version>> held = new TreeMap<>();
    private final Map<ClusterName, Set<String>> cidrGroups = new TreeMap<>();
    private final Set<PolicyReference> references = new HashSet<>();
    private final Map<PolicyKey, SortedMap<ClusterName, List<Objection>>> objections =
            new HashMap<>();

    private final Map<ClusterName, String> unreachable = new TreeMap<>();

    public FakeHoldings(String... peers) {
        held.put(HERE, new ConcurrentHashMap<>());
        withPeers(peers);
    }

    public void withPeers(String... peers) {
        for (var peer : peers) {
            held.put(new ClusterName(peer), new ConcurrentHashMap<>());
        }
    }

    /// As with an empty folder of peers.
    public void withoutPeers() {
        held.keySet().removeIf(it -> !it.equals(HERE));
    }

    /// Whatever it holds.
    public void unreachable(String cluster, String cause) {
        unreachable.put(new ClusterName(cluster), cause);
    }

    public FakeHoldings holding(String cluster, PolicyKey key, Version version) {
        of(cluster).put(key, version);
        return this;
    }

    public FakeHoldings lacking(String cluster, PolicyKey key) {
        of(cluster).remove(key);
        return this;
    }

    /// A member whose CIDR groups are known.
    ///
    /// @param groups their names
    public FakeHoldings withGroups(String cluster, String... groups) {
        cidrGroups.put(new ClusterName(cluster), Set.of(groups));
        return this;
    }

    /// A policy of this cluster that names a group, as the policy's own name.
    ///
    /// @param members for which it is meant
    public FakeHoldings naming(String namespace, String group, String members) {
        references.add(
                new PolicyReference(
                        new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, group),
                        new Reference(Reference.CIDR_GROUP, group),
                        Members.parse(members).orElseThrow()));
        return this;
    }

    @Override
    public SortedMap<ClusterName, MemberFacts> facts() {
        var facts = new TreeMap<ClusterName, MemberFacts>();
        for (var member : held.keySet()) {
            var groups = Optional.ofNullable(cidrGroups.get(member));
            facts.put(member, MemberFacts.UNKNOWN.withCidrGroups(groups));
        }
        return facts;
    }

    /// Something speaks against a member enforcing its copy.
    public FakeHoldings objecting(String cluster, PolicyKey key, Objection... objections) {
        this.objections
                .computeIfAbsent(key, _ -> new TreeMap<>())
                .put(new ClusterName(cluster), List.of(objections));
        return this;
    }

    @Override
    public SortedMap<ClusterName, List<Objection>> objections(PolicyKey key) {
        return objections.getOrDefault(key, new TreeMap<>());
    }

    @Override
    public Set<PolicyReference> references() {
        return references;
    }

    @Override
    public boolean holdHere(PolicyKey key, Deadline deadline) {
        throw new UnsupportedOperationException("not in these tests");
    }

    private Map<PolicyKey, Version> of(String cluster) {
        return Optional.ofNullable(held.get(new ClusterName(cluster))).orElseThrow();
    }

    @Override
    public Optional<ClusterName> here() {
        return Optional.of(HERE);
    }

    @Override
    public PeerView recallOwn(PolicyKey key) {
        return view(HERE, key);
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return held.keySet().stream()
                .filter(it -> !it.equals(HERE))
                .map(it -> view(it, key))
                .toList();
    }

    private PeerView view(ClusterName cluster, PolicyKey key) {
        var cause = unreachable.get(cluster);
        if (cause != null) {
            return new PeerView.Unknown(cluster, cause);
        }
        var version = of(cluster.value()).get(key);
        return version == null
                ? new PeerView.Lacks(cluster)
                : new PeerView.Holds(cluster, version, Revision.NONE);
    }

    @Override
    public Set<PolicyKey> keys() {
        var keys = new HashSet<PolicyKey>();
        held.values().forEach(it -> keys.addAll(it.keySet()));
        return keys;
    }

    @Override
    public Map<ClusterName, Boolean> believed() {
        return held.keySet().stream().collect(Collectors.toMap(it -> it, _ -> true));
    }

    @Override
    public void follow(Movements movements) {
        throw new UnsupportedOperationException("not in these tests");
    }

    @Override
    public void listen(Consumer<PolicyKey> listener) {
        throw new UnsupportedOperationException("not in these tests");
    }

    @Override
    public LiveAnswers ask(List<ClusterName> peers, PolicyKey key, Deadline deadline) {
        throw new UnsupportedOperationException("not in these tests");
    }
}
