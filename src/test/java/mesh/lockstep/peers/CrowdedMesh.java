package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.node.MissingNode;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Reference;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;

/// A mesh of cluster1 and 254 peers with 5,000 policies in every state there is, in place of the
/// real one: what each member holds follows from the policy's number. Three peers are silent.
@Alternative
@Singleton
public class CrowdedMesh extends KubernetesPeers {

    public static final int PEERS = 254;
    public static final int POLICIES = 5_000;

    /// What would run if a page took it for its own.
    public static final String SCRIPT = "<script>document.title='owned'</script>";

    /// Has as few policies as a young mesh.
    public static final String SMALL_NAMESPACE = "small";

    private static final ClusterName HERE = new ClusterName("cluster1");
    private static final int SMALL = 2;
    private static final int ODD_PEER = 13;
    private static final int FEW_MEMBERS = 50;
    private static final int NOT_RENEWED = 5;

    private static final Map<Integer, Standing> SILENT =
            Map.of(
                    PEERS - 2,
                    new Standing.Joining(),
                    PEERS - 1,
                    new Standing.Unknown("not heard from for 75 s"),
                    PEERS,
                    new Standing.Unusable("kubeconfig refused: user " + SCRIPT));

    private final List<ClusterName> names =
            IntStream.rangeClosed(1, PEERS)
                    .mapToObj(it -> new ClusterName("member-%03d".formatted(it)))
                    .toList();
    private static final String GROUP = "partners";

    private final Set<PolicyKey> keys =
            IntStream.range(0, POLICIES)
                    .mapToObj(CrowdedMesh::key)
                    .collect(Collectors.toCollection(LinkedHashSet::new));

    CrowdedMesh(PeersConfig config) {
        super(config);
    }

    /// Without reports, events and policies of its own.
    @Alternative
    @Singleton
    public static class BareApi extends OwnApi {

        BareApi(Supplier<Server> server) {
            super(server);
        }

        @Override
        public Reply get(String path) {
            return new Reply(404, MissingNode.getInstance(), "HTTP 404");
        }
    }

    private static PolicyKey key(int number) {
        if (number >= POLICIES - SMALL) {
            return new PolicyKey(
                    Kind.CILIUM_NETWORK_POLICY, SMALL_NAMESPACE, name("allow", number));
        }
        if (number % 100 == 56) {
            return new PolicyKey(Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", name("allow", number));
        }
        var prefix = number == 6 ? "from-".repeat(48) + "there" : "allow";
        return new PolicyKey(
                Kind.CILIUM_NETWORK_POLICY,
                "team-%02d".formatted(number / 60),
                name(prefix, number));
    }

    private static String name(String prefix, int number) {
        return "%s-%04d".formatted(prefix, number);
    }

    private static int number(PolicyKey key) {
        return Integer.parseInt(key.name().substring(key.name().lastIndexOf('-') + 1));
    }

    /// @param member its number; 0 is this cluster
    private static Optional<Copy> held(PolicyKey key, int member) {
        var isHere = member == 0;
        return switch (number(key) % 10) {
            case 0 -> Optional.of(Copy.OF_FEW).filter(_ -> member <= FEW_MEMBERS);
            case 1 -> Optional.of(Copy.LOCAL).filter(_ -> isHere);
            case 2 ->
                    Optional.of(member == ODD_PEER ? Copy.SECOND : Copy.FIRST)
                            .filter(_ -> !isHere && (member == ODD_PEER || member % 3 == 0));
            case 3, 4, 5 -> Optional.of(!isHere && member % 7 == 0 ? Copy.SECOND : Copy.FIRST);
            case 6, 7, 8 ->
                    member == ODD_PEER
                            ? Optional.of(Copy.THIRD)
                            : Optional.of(member % 7 == 0 && !isHere ? Copy.SECOND : Copy.FIRST)
                                    .filter(_ -> isHere || member % 11 != 0);
            default -> Optional.of(Copy.FIRST);
        };
    }

    @Override
    public Optional<ClusterName> here() {
        return Optional.of(HERE);
    }

    @Override
    public PeerView recallOwn(PolicyKey key) {
        return view(HERE, key, 0);
    }

    @Override
    public List<PeerView> recall(PolicyKey key) {
        return IntStream.rangeClosed(1, PEERS)
                .mapToObj(
                        it ->
                                SILENT.containsKey(it)
                                        ? new PeerView.Unknown(
                                                names.get(it - 1), standing(it).words())
                                        : view(names.get(it - 1), key, it))
                .toList();
    }

    private static PeerView view(ClusterName name, PolicyKey key, int member) {
        return held(key, member)
                .<PeerView>map(it -> new PeerView.Holds(name, it.version(), it.revision()))
                .orElseGet(() -> new PeerView.Lacks(name));
    }

    private static Standing standing(int member) {
        return SILENT.getOrDefault(member, new Standing.InSync());
    }

    @Override
    public Set<PolicyKey> keys() {
        return keys;
    }

    @Override
    public Map<ClusterName, Boolean> believed() {
        return Stream.concat(
                        Stream.of(Map.entry(HERE, true)),
                        statuses().stream().map(it -> Map.entry(it.peer(), it.up())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<PeerStatus> statuses() {
        var now = Instant.now();
        return IntStream.rangeClosed(1, PEERS).mapToObj(it -> status(it, now)).toList();
    }

    private PeerStatus status(int member, Instant now) {
        var standing = standing(member);
        var isUp = standing instanceof Standing.InSync;
        return new PeerStatus(
                names.get(member - 1),
                standing,
                now.minus(Duration.ofHours(3)),
                isUp,
                isUp || standing instanceof Standing.Unknown
                        ? Optional.of(now.minusSeconds(isUp ? member % 20 : 75))
                        : Optional.empty(),
                isUp ? Map.of(Kind.CILIUM_NETWORK_POLICY, 4_000) : Map.of(),
                Optional.empty(),
                Optional.<Standing>of(new Standing.Unknown("HTTP 401"))
                        .filter(_ -> member == NOT_RENEWED));
    }

    /// Two have other settings, and one lacks a group.
    @Override
    public SortedMap<ClusterName, MemberFacts> facts() {
        var usual = facts(Map.of(), "1.33.1", Set.of(GROUP));
        var facts = new TreeMap<ClusterName, MemberFacts>();
        facts.put(HERE, usual);
        names.forEach(it -> facts.put(it, usual));
        facts.put(
                names.get(1), facts(Map.of("policy-audit-mode", "true"), "1.33.1", Set.of(GROUP)));
        facts.put(names.get(2), facts(Map.of("enable-policy", SCRIPT), "1.32.0", Set.of(GROUP)));
        facts.put(names.get(3), usual.withCidrGroups(Optional.of(Set.of())));
        return facts;
    }

    private static MemberFacts facts(
            Map<String, String> configuration, String schema, Set<String> groups) {
        var settings = MemberSettings.of(configuration, Optional.of(schema));
        return MemberFacts.UNKNOWN
                .configured(settings, Optional.empty())
                .withCidrGroups(Optional.of(groups));
    }

    @Override
    public Set<PolicyReference> references() {
        var group = new Reference(Reference.CIDR_GROUP, GROUP);
        return Set.of(new PolicyReference(key(0), group, new Members.All()));
    }

    @Override
    public LiveAnswers ask(List<ClusterName> asked, PolicyKey key, Deadline deadline) {
        return new LiveReads(asked, it -> answer(it, key), deadline);
    }

    private LiveAnswer answer(ClusterName name, PolicyKey key) {
        var member = name.equals(HERE) ? 0 : names.indexOf(name) + 1;
        if (SILENT.containsKey(member)) {
            return new LiveAnswer.Silent(name, standing(member).words());
        }
        return held(key, member)
                .<LiveAnswer>map(it -> new LiveAnswer.Shown(name, it.under(key), "1"))
                .orElseGet(() -> new LiveAnswer.NotFound(name));
    }
}
