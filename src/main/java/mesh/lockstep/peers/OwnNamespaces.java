package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
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
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.News;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Vigil;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// This cluster's namespaces, watched, so that a changed label counts at once. One that is not in
/// memory, as when it was made a moment ago, is read live.
@Singleton
public class OwnNamespaces implements Namespaces {

    private static final Logger LOG = Logger.getLogger(OwnNamespaces.class);

    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration LIST = Duration.ofMinutes(5);

    private static final int NOT_FOUND = 404;

    private final Supplier<Server> server;
    private final OwnCluster cluster;
    private final KubernetesPeers peers;
    private final Pace pace;
    private final Intake intake = Intake.ofHeap();
    private final Map<String, Marks> known = new ConcurrentHashMap<>();
    private final News<String> problems = new News<>();
    private final Vigil vigil;
    private @Nullable Kept thread;

    OwnNamespaces(
            Supplier<Server> server,
            OwnCluster cluster,
            KubernetesPeers peers,
            PeersConfig config,
            Vigil vigil) {
        this.server = server;
        this.cluster = cluster;
        this.peers = peers;
        this.pace = Pace.ordinary(config.staleAfter());
        this.vigil = vigil;
    }

    /// What a namespace says of itself.
    private record Marks(Optional<Boolean> global, boolean terminating, Optional<String> enforce) {

        static Marks of(JsonNode namespace) {
            var metadata = namespace.path("metadata");
            return new Marks(
                    PeerApi.saysShared(namespace),
                    metadata.path("deletionTimestamp").isTextual(),
                    Optional.ofNullable(metadata.path("labels").path(ENFORCE).textValue()));
        }
    }

    void start(@Observes StartupEvent event) {
        thread = vigil.keep(Duty.NAMESPACES, "namespaces", this::follow);
    }

    void stop(@Observes ShutdownEvent event) {
        if (thread != null) {
            thread.close();
        }
    }

    private void follow(Heartbeat heartbeat) throws InterruptedException {
        var backoff = pace.backoff();
        var watch = new NamespaceWatch(api(), pace, backoff, new Memory());
        watch.beat(heartbeat);
        while (true) {
            heartbeat.beat();
            var answer = watch.list(Deadline.in(LIST));
            if (answer instanceof Given) {
                watch.follow(() -> true).map(Trouble::cause).ifPresent(this::report);
            } else {
                report(Cause.of(answer, "list", "namespaces"));
            }
            backoff.pause();
        }
    }

    private PeerApi api() {
        var own = server.get();
        return new PeerApi(own.client(), own.address(), intake.ofPeer());
    }

    /// Says what does not work once, not at every retry.
    private void report(String problem) {
        if (problems.isNew("namespaces", problem)) {
            LOG.warnf(
                    "Namespaces cannot be watched or read here (%s); will retry. Until then namespace labels are"
                            + " ignored",
                    problem);
        }
    }

    @Override
    public Namespace find(String name) {
        var marks = known.get(name);
        if (marks == null) {
            marks = read(name).orElse(null);
        }
        return marks == null ? Namespace.ORDINARY : namespace(marks);
    }

    @Override
    public Optional<Namespace> recall(String name) {
        return Optional.ofNullable(known.get(name)).map(this::namespace);
    }

    private Namespace namespace(Marks marks) {
        var shared = marks.global().orElseGet(cluster::sharesNamespacesByDefault);
        return new Namespace(shared, marks.terminating(), marks.enforce());
    }

    private Optional<Marks> read(String name) {
        try {
            return switch (api().namespace(name, READ)) {
                case Given(var namespace, _) -> Optional.of(Marks.of(namespace));
                case Answer.Rejected rejected when rejected.code() == NOT_FOUND -> Optional.empty();
                case Answer answer -> {
                    report(Cause.of(answer, "get", "namespaces"));
                    yield Optional.empty();
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private final class Memory implements NamespaceWatch.Memory {

        private Map<String, Marks> listed = Map.of();

        @Override
        public void begin() {
            listed = new HashMap<>();
        }

        @Override
        public void listed(JsonNode namespace) {
            listed.put(NamespaceWatch.name(namespace), Marks.of(namespace));
        }

        @Override
        public void complete() {
            var gone = new HashSet<>(known.keySet());
            gone.removeAll(listed.keySet());
            listed.forEach(this::put);
            gone.forEach(text -> put(text, null));
            listed = Map.of();
        }

        @Override
        public void present(JsonNode namespace) {
            put(NamespaceWatch.name(namespace), Marks.of(namespace));
        }

        @Override
        public void deleted(JsonNode namespace) {
            put(NamespaceWatch.name(namespace), null);
        }

        /// Which policies are compared may depend on it. Most namespaces come and go without that.
        ///
        /// @param marks missing of one that is gone
        private void put(String name, @Nullable Marks marks) {
            var before = recall(name).orElse(Namespace.ORDINARY);
            if (marks == null) {
                known.remove(name);
            } else {
                known.put(name, marks);
            }
            if (before.shared() != recall(name).orElse(Namespace.ORDINARY).shared()) {
                peers.changedIn(Set.of(name));
            }
        }
    }
}
