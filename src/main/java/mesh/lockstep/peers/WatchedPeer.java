package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import mesh.lockstep.peers.Answer.Given;
import mesh.lockstep.peers.Answer.Rejected;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Testimony;

/// A peer whose API server we talk to: a watch for each kind, on a virtual thread of its own, and
/// live reads.
final class WatchedPeer implements Peer {

    private final ClusterName name;
    private final PeerApi api;
    private final PolicyReader reader;
    private final Map<Kind, PolicyWatch> watches = new EnumMap<>(Kind.class);
    private final List<Thread> threads;

    WatchedPeer(ClusterName name, PeerApi api, PolicyReader reader, Duration staleAfter) {
        this.name = name;
        this.api = api;
        this.reader = reader.in(name);
        for (var kind : Kind.values()) {
            watches.put(kind, new PolicyWatch(api, kind, this.reader, staleAfter));
        }
        threads =
                watches.entrySet().stream()
                        .map(
                                it ->
                                        Thread.ofVirtual()
                                                .name("watch-" + name + "-" + it.getKey().plural())
                                                .start(it.getValue()))
                        .toList();
    }

    private PolicyWatch watch(Kind kind) {
        return Objects.requireNonNull(watches.get(kind));
    }

    @Override
    public PeerView recall(PolicyKey key) {
        var watch = watch(key.kind());
        return watch.freshness()
                .doubt()
                .<PeerView>map(cause -> new PeerView.Unreachable(name, cause))
                .or(
                        () ->
                                watch.store()
                                        .find(key)
                                        .map(
                                                held ->
                                                        new PeerView.Holds(
                                                                name,
                                                                held.version(),
                                                                held.revision())))
                .orElseGet(() -> new PeerView.Lacks(name));
    }

    /// That there is no such policy, an API server has to say itself. Any other 404 is no answer:
    /// the kind is not served, or something else answers in the API server's place.
    @Override
    public Testimony ask(PolicyKey key, Duration atMost) {
        try {
            return switch (api.get(key, atMost)) {
                case Given(var json) -> shown(key, new PolicyObject(key.kind(), json));
                case Rejected(var code, var status) when code == 404 && isAbout(status, key) ->
                        new Testimony.NotFound(name);
                case Answer answer ->
                        new Testimony.Silent(name, Cause.of(answer, "get", key.kind()));
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Testimony.Silent(name, "no longer waited for");
        }
    }

    private static boolean isAbout(JsonNode status, PolicyKey key) {
        var details = status.path("details");
        return status.path("reason").asText().equals("NotFound")
                && details.path("kind").asText().equals(key.kind().plural())
                && details.path("name").asText().equals(key.name());
    }

    private Testimony shown(PolicyKey key, PolicyObject object) {
        return object.hasKey(key)
                ? new Testimony.Shown(
                        name, reader.read(key, object.tree()), object.resourceVersion())
                : new Testimony.Silent(name, "unexpected answer");
    }

    @Override
    public PeerStatus status() {
        return new PeerStatus(
                name,
                standing(),
                watches.values().stream().allMatch(it -> it.freshness().synced()),
                watches.values().stream()
                        .flatMap(it -> it.freshness().lastHeard().stream())
                        .min(Comparator.naturalOrder()),
                watches.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, it -> it.getValue().store().size())));
    }

    private Standing standing() {
        var doubts =
                watches.values().stream()
                        .flatMap(it -> it.freshness().doubt().stream())
                        .distinct()
                        .collect(Collectors.joining("; "));
        return switch (doubts) {
            case "" -> new Standing.InSync();
            case Freshness.FIRST_SYNCHRONISATION -> new Standing.Joining();
            default -> new Standing.Doubtful(doubts);
        };
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        api.close();
    }
}
