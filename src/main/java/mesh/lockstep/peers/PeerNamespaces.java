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
import mesh.lockstep.apiserver.PeerApi.Opening.Declined;
import mesh.lockstep.apiserver.PeerApi.Opening.Opened;
import mesh.lockstep.apiserver.Progress;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.apiserver.WatchStream;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.MemberSettings;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;

/// Which namespaces are a peer's own affair: its Cilium does not share them with the mesh. Listed
/// and watched like policies; nothing is kept of those that do not say, which are most.
///
/// Where they cannot be read, all count as shared, as most are; what was known once stays.
final class PeerNamespaces implements Work {

    /// To say which cluster it is.
    private static final Duration CHECK = Duration.ofSeconds(10);

    /// Nobody has 200,000 namespaces, nor as many that say anything about sharing; and nobody may
    /// fill our memory with them. Those beyond count as ones that say nothing.
    private static final int MAX_PAGES = 400;

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
    private Progress progress = Progress.NONE;
    private Heartbeat heartbeat = () -> {};
    private final Inflow inflow = new Inflow(System::nanoTime);

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
            now.ifPresent(it -> sharedByDefault = it.sharesNamespacesByDefault());
            seen = now;
        }
        return sharedByDefault;
    }

    @Override
    public void run(Heartbeat turned) throws InterruptedException {
        heartbeat = turned;
        try {
            while (true) {
                heartbeat.beat();
                Thread.sleep(surroundings.turns().spread(surroundings.pace()));
                var notBefore = listAndFollow();
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
    private Duration listAndFollow() throws InterruptedException {
        if (identity.check(CHECK).isPresent()) {
            return Duration.ZERO;
        }
        if (settings.get().isEmpty() && api.ciliumConfig(CHECK) instanceof Given(var config, _)) {
            var byDefault = config.path("data").path(MemberSettings.SHARED_BY_DEFAULT);
            sharedByDefault = !byDefault.asText().equals("false");
        }
        var listed = new HashMap<String, Boolean>();
        var answer = list(listed);
        if (answer instanceof Given(var page, _)) {
            replaceAll(listed);
            progress = new Progress(version(page));
            follow();
        }
        return answer instanceof Rejected rejected ? rejected.retryAfter() : Duration.ZERO;
    }

    /// The answer with the last page, or what was answered in the place of one.
    private Answer list(Map<String, Boolean> listed) throws InterruptedException {
        try (var turn = visitor.take(Duration.ZERO, heartbeat)) {
            var next = "";
            for (int i = 0; i < MAX_PAGES; i++) {
                heartbeat.beat();
                var answer = api.namespaces(next, turn.until(), it -> put(listed, it));
                if (!(answer instanceof Given(var page, _))) {
                    return answer;
                }
                next = page.path("metadata").path("continue").asText();
                if (version(page).isEmpty()) {
                    return new Answer.Lost("unexpected answer");
                }
                if (next.isEmpty()) {
                    return answer;
                }
            }
        }
        return new Answer.Lost("more than " + MAX_PAGES + " pages");
    }

    /// Watches one after the other, until what is missing has to be listed.
    private void follow() throws InterruptedException {
        var pace = surroundings.pace();
        var listedAgain = Deadline.in(pace.anew().plus(Chance.upTo(pace.anew())));
        while (!listedAgain.isPast()) {
            heartbeat.beat();
            switch (api.watchNamespaces(progress.resourceVersion(), pace.watch())) {
                case Declined _ -> {
                    return;
                }
                case Opened(var stream) -> {
                    backoff.reset();
                    if (!(takeIn(stream) instanceof Over.Closed)) {
                        return;
                    }
                }
            }
            backoff.pause();
            if (identity.check(CHECK).isPresent()) {
                return;
            }
        }
    }

    private Over takeIn(WatchStream stream) throws InterruptedException {
        var pace = surroundings.pace();
        var deadline = Deadline.in(pace.watch().plus(pace.grace()));
        try (stream) {
            while (true) {
                heartbeat.beat();
                switch (stream.next(deadline)) {
                    case Told _ when !inflow.takes(stream.size()) -> {
                        return new Over.Failed("sends more than can be followed");
                    }
                    case Told told when progress.isBroken(told) -> {
                        return new Over.Failed("events out of order");
                    }
                    case Told told -> takeIn(told);
                    case Over over -> {
                        return over;
                    }
                }
            }
        } finally {
            tell();
        }
    }

    private void takeIn(Told told) {
        var name = name(told.object());
        var before = isApart(name);
        switch (told) {
            case Told.Present(var namespace) -> put(said, namespace);
            case Told.Deleted _ -> said.remove(name);
            case Told.Bookmark _ -> {}
        }
        progress = new Progress(version(told.object()));
        if (before != isApart(name)) {
            untold.add(name);
        }
        if (!untold.isEmpty() && mayTell()) {
            tell();
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

    private void tell() {
        if (!untold.isEmpty()) {
            surroundings.changedIn().accept(new HashSet<>(untold));
            untold.clear();
        }
    }

    private void replaceAll(Map<String, Boolean> listed) {
        var names = new HashSet<>(said.keySet());
        names.addAll(listed.keySet());
        var before = new HashSet<>(names);
        before.removeIf(it -> !isApart(it));
        said = new ConcurrentHashMap<>(listed);
        known = true;
        tried = true;
        names.removeIf(it -> before.contains(it) == isApart(it));
        if (!names.isEmpty()) {
            surroundings.changedIn().accept(names);
        }
    }

    private static void put(Map<String, Boolean> said, JsonNode namespace) {
        var global = PeerApi.saysShared(namespace);
        var name = name(namespace);
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

    private static String name(JsonNode namespace) {
        return namespace.path("metadata").path("name").asText();
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }
}
