package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.apiserver.PeerApi;
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

    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Instance<KubernetesClient> client;
    private final OwnCluster cluster;
    private final KubernetesPeers peers;
    private final Map<String, Marks> known = new ConcurrentHashMap<>();
    private final News<String> problems = new News<>();
    private final Vigil vigil;
    private @Nullable Kept thread;

    OwnNamespaces(
            Instance<KubernetesClient> client,
            OwnCluster cluster,
            KubernetesPeers peers,
            Vigil vigil) {
        this.client = client;
        this.cluster = cluster;
        this.peers = peers;
        this.vigil = vigil;
    }

    /// What a namespace says of itself.
    private record Marks(Optional<String> global, boolean terminating, Optional<String> enforce) {

        static Marks of(io.fabric8.kubernetes.api.model.Namespace namespace) {
            var metadata = namespace.getMetadata();
            return new Marks(
                    find(metadata.getAnnotations(), PeerApi.GLOBAL),
                    metadata.getDeletionTimestamp() != null,
                    find(metadata.getLabels(), ENFORCE));
        }

        private static Optional<String> find(@Nullable Map<String, String> map, String key) {
            return Optional.ofNullable(map).map(it -> it.get(key));
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

    /// Sees to it that there is an informer that runs; its threads are its own.
    private void follow(Heartbeat heartbeat) throws InterruptedException {
        try (var informer = informer()) {
            informer.start();
            var settled = false;
            while (informer.isRunning()) {
                if (!settled && informer.hasSynced()) {
                    settled = true;
                    // What went while nobody followed.
                    known.keySet().removeIf(it -> informer.getStore().getByKey(it) == null);
                }
                heartbeat.beat();
                Thread.sleep(LOOK);
            }
        }
    }

    private SharedIndexInformer<io.fabric8.kubernetes.api.model.Namespace> informer() {
        return client.get()
                .namespaces()
                .runnableInformer(0)
                // By default an API server that is away at the start ends it for ever.
                .exceptionHandler(this::goOn)
                .addEventHandler(new Memory());
    }

    private boolean goOn(boolean started, Throwable failure) {
        report(Cause.of(failure));
        return true;
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
        var shared =
                marks.global()
                        .map(Boolean::parseBoolean)
                        .orElseGet(cluster::sharesNamespacesByDefault);
        return new Namespace(shared, marks.terminating(), marks.enforce());
    }

    private Optional<Marks> read(String name) {
        try {
            return Optional.ofNullable(client.get().namespaces().withName(name).get())
                    .map(Marks::of);
        } catch (KubernetesClientException e) {
            report(Cause.of(e));
            return Optional.empty();
        }
    }

    private final class Memory
            implements ResourceEventHandler<io.fabric8.kubernetes.api.model.Namespace> {

        @Override
        public void onAdd(io.fabric8.kubernetes.api.model.Namespace namespace) {
            var name = namespace.getMetadata().getName();
            tell(name, known.put(name, Marks.of(namespace)));
        }

        @Override
        public void onUpdate(
                io.fabric8.kubernetes.api.model.Namespace before,
                io.fabric8.kubernetes.api.model.Namespace after) {
            onAdd(after);
        }

        @Override
        public void onDelete(io.fabric8.kubernetes.api.model.Namespace namespace, boolean unknown) {
            var name = namespace.getMetadata().getName();
            tell(name, known.remove(name));
        }

        /// Which policies are compared may depend on it. Most namespaces come and go without that.
        private void tell(String name, @Nullable Marks then) {
            var before = then == null ? Namespace.ORDINARY : namespace(then);
            if (before.shared() != recall(name).orElse(Namespace.ORDINARY).shared()) {
                peers.changedIn(Set.of(name));
            }
        }
    }
}
