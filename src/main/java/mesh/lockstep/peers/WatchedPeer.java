package mesh.lockstep.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PolicyReference;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Work;

/// A peer whose API server we talk to: a watch for each kind, each on a virtual thread of its own,
/// and live reads.
final class WatchedPeer implements Peer {

    private final ClusterName name;
    private final PeerApi api;
    private final Validity validity;
    private final boolean isOwn;
    private final Identity identity;
    private final FactsReading facts;
    private final PeerReads reads;
    private final PeerNamespaces namespaces;
    private final Map<Kind, PolicyWatch> watches = new EnumMap<>(Kind.class);
    private final List<Kept> threads = new ArrayList<>();

    WatchedPeer(
            ClusterName name,
            PeerApi api,
            PolicyReader reader,
            Validity validity,
            FairTime fairTime,
            Surroundings surroundings) {
        this.name = name;
        this.api = api;
        this.validity = validity;
        identity = new Identity(api, surroundings.ownUid());
        facts = new FactsReading(api, surroundings.pool(), surroundings.pace().settings());
        reads = new PeerReads(name, api, identity, fairTime, new LiveReading(name, reader)::read);
        var turns = surroundings.turns();
        var visitor = surroundings.own() ? turns.own() : turns.visitor();
        namespaces =
                new PeerNamespaces(
                        api, identity, visitor, surroundings, () -> facts.known().settings());
        for (var kind : Kind.values()) {
            var digesting = new Digesting(reader.in(name), surroundings.pool(), surroundings.own());
            var watch =
                    new PolicyWatch(
                            name,
                            api,
                            identity,
                            kind,
                            digesting,
                            visitor,
                            namespaces::isApart,
                            surroundings);
            watches.put(kind, watch);
            start(Duty.WATCH, "watch-" + name + "-" + kind.plural(), watch, surroundings);
        }
        isOwn = surroundings.own();
        if (!isOwn) {
            start(Duty.WATCH, "watch-" + name + "-namespaces", namespaces, surroundings);
        }
        var probe = new Probe(reads, facts, validity, surroundings.pace());
        start(Duty.PROBE, "probe-" + name, probe, surroundings);
    }

    /// Between two events, and between two probes, memory may grow old.
    private void start(Duty duty, String threadName, Work work, Surroundings surroundings) {
        var patience = duty.patience().plus(surroundings.pace().staleAfter());
        threads.add(surroundings.vigil().keep(duty, threadName, patience, work));
    }

    private PolicyWatch watch(Kind kind) {
        return Objects.requireNonNull(watches.get(kind));
    }

    @Override
    public PeerView recall(PolicyKey key) {
        var watch = watch(key.kind());
        var doubt = identity.doubt().or(watch.freshness()::doubt).or(this::firstLook);
        if (doubt.isPresent()) {
            return new PeerView.Unknown(name, validity.explain(doubt.get()));
        }
        return namespaces.isApart(key.namespace())
                ? new PeerView.Apart(name)
                : watch.store().recall(name, key);
    }

    /// Before its namespaces were looked at, one that is its own affair would be compared.
    private Optional<String> firstLook() {
        return isOwn || namespaces.tried()
                ? Optional.empty()
                : Optional.of(Freshness.FIRST_SYNCHRONIZATION);
    }

    @Override
    public List<Objection> objections(PolicyKey key) {
        return namespaces.isApart(key.namespace())
                ? List.of()
                : watch(key.kind()).store().objections(key);
    }

    @Override
    public MemberFacts facts() {
        return isHeard() ? facts.known() : facts.known().unheard();
    }

    @Override
    public Set<PolicyReference> references() {
        var references = new HashSet<PolicyReference>();
        watches.values().forEach(watch -> references.addAll(watch.store().references()));
        return references;
    }

    @Override
    public Duration owing() {
        return reads.owing();
    }

    @Override
    public Set<PolicyKey> keys() {
        var keys = new HashSet<PolicyKey>();
        watches.values().forEach(watch -> keys.addAll(watch.store().keys()));
        return keys;
    }

    @Override
    public LiveAnswer ask(PolicyKey key, Deadline deadline) {
        try {
            var answer = reads.ask(key, deadline);
            return answer instanceof LiveAnswer.Silent(_, var cause)
                    ? new LiveAnswer.Silent(name, validity.explain(cause))
                    : answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new LiveAnswer.Deferred(name, "no longer waited for");
        }
    }

    @Override
    public PeerStatus status() {
        return new PeerStatus(
                name,
                standing(),
                Instant.now().minus(unchanged()),
                firstLook().isEmpty() && freshness().allMatch(Freshness::synced),
                freshness()
                        .flatMap(freshness -> freshness.lastHeard().stream())
                        .min(Comparator.naturalOrder()),
                sizes(),
                validity.credentials(),
                Optional.empty(),
                validity.shown().end(),
                facts.known().callsItself().filter(clusterName -> !clusterName.equals(name)));
    }

    private Map<Kind, Integer> sizes() {
        var sizes = new EnumMap<Kind, Integer>(Kind.class);
        watches.forEach((kind, watch) -> sizes.put(kind, watch.store().size()));
        return sizes;
    }

    /// Whether it was heard from lately, as the cluster that is meant, whatever trouble there is.
    boolean isHeard() {
        return identity.doubt().isEmpty() && freshness().allMatch(Freshness::isFresh);
    }

    private Standing standing() {
        var doubts = identity.doubt().orElseGet(this::doubts);
        return switch (doubts) {
            case "" -> firstLook().isPresent() ? new Standing.Joining() : new Standing.InSync();
            case Freshness.FIRST_SYNCHRONIZATION -> new Standing.Joining();
            default -> new Standing.Unknown(validity.explain(doubts));
        };
    }

    /// Of the watches and the threads; empty if there are none.
    private String doubts() {
        var doubts = new LinkedHashSet<String>();
        doubting().forEach(freshness -> freshness.doubt().ifPresent(doubts::add));
        threads.stream().filter(Kept::isStuck).map(WatchedPeer::stuck).forEach(doubts::add);
        return String.join("; ", doubts);
    }

    private static String stuck(Kept thread) {
        return "its thread %s has been stuck for %d s"
                .formatted(thread.name(), thread.silence().toSeconds());
    }

    /// In doubt since the first of the watches is, in sync since the last.
    private Duration unchanged() {
        var inDoubt = doubting().map(Freshness::unchanged).max(Comparator.naturalOrder());
        var all = freshness().map(Freshness::unchanged);
        return inDoubt.or(() -> all.min(Comparator.naturalOrder())).orElse(Duration.ZERO);
    }

    private Stream<Freshness> doubting() {
        return freshness().filter(freshness -> freshness.doubt().isPresent());
    }

    private Stream<Freshness> freshness() {
        return watches.values().stream().map(PolicyWatch::freshness);
    }

    @Override
    public void close() {
        reads.close();
        threads.forEach(Kept::close);
        watches.values().forEach(watch -> watch.store().close());
        api.close();
    }
}
