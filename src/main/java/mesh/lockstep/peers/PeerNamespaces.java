package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;

/// Which namespaces are a peer's own affair: its Cilium does not share them with the mesh. Listed
/// and watched like policies; nothing is kept of those that do not say, which are most.
///
/// Where they cannot be read, all count as shared, as most are; what was known once stays.
final class PeerNamespaces implements Work, NamespaceWatch.Memory {

    /// To say which cluster it is.
    private static final Duration CHECK = Duration.ofSeconds(10);

    /// Nobody has as many that say anything about sharing, and nobody may fill our memory with
    /// them. Those beyond count as ones that say nothing.
    private static final int MAX_SAID = 20_000;

    /// Each telling looks at all policies of all members: this many at once, one a second after.
    private static final int TELLINGS = 20;

    private static final double NANOS = 1e9;

    private final PeerApi api;
    private final Identity identity;
    private final Turns.Visitor visitor;
    private final Surroundings surroundings;
    private final Supplier<Optional<MemberSettings>> settings;
    private final Backoff backoff;
    private volatile Map<String, Boolean> said = Map.of();
    private volatile boolean sharedByDefault = true;
    private volatile Optional<MemberSettings> seen = Optional.empty();
    private volatile boolean tried;
    private volatile boolean known;
    private final NamespaceWatch watch;
    private Map<String, Boolean> listed = Map.of();

    /// Changed, and nobody was told yet.
    private final Set<String> untold = new HashSet<>();

    private double tellings = TELLINGS;
    private long toldAt = System.nanoTime();

    /// The namespaces of a peer.
    ///
    /// @param settings of the peer's Cilium, once they were read; among them, whether it shares
    ///   those that do not say
    PeerNamespaces(
            PeerApi api,
            Identity identity,
            Turns.Visitor visitor,
            Surroundings surroundings,
            Supplier<Optional<MemberSettings>> settings) {
        this.api = api;
        this.identity = identity;
        this.visitor = visitor;
        this.surroundings = surroundings;
        this.settings = settings;
        this.backoff = surroundings.pace().backoff();
        watch = new NamespaceWatch(api, surroundings.pace(), backoff, this);
    }

    /// Whether they were read once, or could not be.
    boolean tried() {
        return tried;
    }

    /// Whether the policies in it are the peer's own affair; never those of the whole cluster.
    boolean isApart(String namespace) {
        if (namespace.isEmpty() || !known) {
            return false;
        }
        var global = said.get(namespace);
        return !(global == null ? sharesByDefault() : global);
    }

    /// Looked up when the settings are others than before: each change asks, of each peer.
    private boolean sharesByDefault() {
        var now = settings.get();
        if (!now.equals(seen)) {
            now.ifPresent(settings -> sharedByDefault = settings.sharesNamespacesByDefault());
            seen = now;
        }
        return sharedByDefault;
    }

    @Override
    public void run(Heartbeat heartbeat) throws InterruptedException {
        watch.beat(heartbeat);
        try {
            while (true) {
                heartbeat.beat();
                Thread.sleep(surroundings.turns().spread(surroundings.pace()));
                var notBefore = listAndFollow(heartbeat);
                tried = true;
                backoff.pause(notBefore);
            }
        } finally {
            tried = true;
        }
    }

    /// Returns when there is reason to list again.
    ///
    /// @return how long the peer wants to be left alone
    private Duration listAndFollow(Heartbeat heartbeat) throws InterruptedException {
        if (identity.check(CHECK).isPresent()) {
            return Duration.ZERO;
        }
        if (settings.get().isEmpty() && api.ciliumConfig(CHECK) instanceof Given(var config, _)) {
            var byDefault = config.path("data").path(MemberSettings.SHARED_BY_DEFAULT);
            sharedByDefault = !byDefault.asText().equals("false");
        }
        var answer = list(heartbeat);
        if (answer instanceof Given) {
            watch.follow(() -> identity.check(CHECK).isEmpty());
        }
        return answer instanceof Rejected rejected ? rejected.retryAfter() : Duration.ZERO;
    }

    private Answer list(Heartbeat heartbeat) throws InterruptedException {
        try (var turn = visitor.take(Duration.ZERO, heartbeat)) {
            return watch.list(turn.until());
        }
    }

    @Override
    public void present(JsonNode namespace) {
        change(namespace, () -> put(said, namespace));
    }

    @Override
    public void deleted(JsonNode namespace) {
        change(namespace, () -> said.remove(NamespaceWatch.name(namespace)));
    }

    private void change(JsonNode namespace, Runnable change) {
        var name = NamespaceWatch.name(namespace);
        var before = isApart(name);
        change.run();
        if (before != isApart(name)) {
            untold.add(name);
        }
        if (!untold.isEmpty() && mayTell()) {
            ended();
        }
    }

    /// What may not be told now is told with what comes next, or when the watch ends.
    private boolean mayTell() {
        long now = System.nanoTime();
        tellings = Math.min(TELLINGS, tellings + (now - toldAt) / NANOS);
        toldAt = now;
        if (tellings < 1) {
            return false;
        }
        tellings--;
        return true;
    }

    @Override
    public void ended() {
        if (!untold.isEmpty()) {
            surroundings.changedIn().accept(new HashSet<>(untold));
            untold.clear();
        }
    }

    @Override
    public void begin() {
        listed = new HashMap<>();
    }

    @Override
    public void listed(JsonNode namespace) {
        put(listed, namespace);
    }

    @Override
    public void complete() {
        var names = new HashSet<>(said.keySet());
        names.addAll(listed.keySet());
        var before = new HashSet<>(names);
        before.removeIf(text -> !isApart(text));
        said = new ConcurrentHashMap<>(listed);
        listed = Map.of();
        known = true;
        tried = true;
        names.removeIf(name -> before.contains(name) == isApart(name));
        if (!names.isEmpty()) {
            surroundings.changedIn().accept(names);
        }
    }

    private static void put(Map<String, Boolean> said, JsonNode namespace) {
        var global = PeerApi.saysShared(namespace);
        var name = NamespaceWatch.name(namespace);
        if (name.isEmpty() || name.length() > PolicyKey.LONGEST_NAMESPACE) {
            // No API server has such a namespace.
            return;
        }
        if (global.isEmpty()) {
            said.remove(name);
        } else if (said.size() < MAX_SAID || said.containsKey(name)) {
            said.put(name, global.get());
        }
    }
}
