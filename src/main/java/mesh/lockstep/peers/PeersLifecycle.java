package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import mesh.lockstep.peers.PeerDirectory.Scan;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Looks after the peers from start to stop: finds out who we are, then looks into the folder every
/// few seconds.
@Singleton
class PeersLifecycle {

    private static final Logger LOG = Logger.getLogger(PeersLifecycle.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final OwnCluster own;
    private final KubernetesPeers peers;
    private final PeersMetrics metrics;
    private final PeerDirectory directory;
    private final PeersConfig config;
    private final Instance<KubernetesClient> client;
    private volatile boolean looked;
    private @Nullable Thread thread;

    PeersLifecycle(
            OwnCluster own,
            KubernetesPeers peers,
            PeersMetrics metrics,
            PeersConfig config,
            Instance<KubernetesClient> client) {
        this.own = own;
        this.peers = peers;
        this.metrics = metrics;
        this.directory = new PeerDirectory(config.directory());
        this.config = config;
        this.client = client;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("peers").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join(STOP);
        }
    }

    /// Whether the folder was looked into; before, nobody knows who the peers are.
    boolean looked() {
        return looked;
    }

    private void run() {
        try {
            var here = own.await();
            peers.weAre(here);
            var opening =
                    new PeerOpening(
                            HttpClientUtils.getHttpClientFactory(),
                            own.reader(),
                            config,
                            Surroundings.of(
                                    Pace.ordinary(config.staleAfter()), own::uid, peers::changed));
            try (var ours = opening.openOwn(here, client.get());
                    var roster = new Roster(here, peers, opening)) {
                peers.weHold(ours);
                var log = new PeersLog(here);
                while (true) {
                    look(roster, log);
                    own.keepUp();
                    Thread.sleep(EVERY);
                }
            }
        } catch (InterruptedException e) {
            // Asked to stop.
        }
    }

    private void look(Roster roster, PeersLog log) throws InterruptedException {
        try {
            var scan = directory.scan();
            log.folder(directory.path(), scan);
            switch (scan) {
                case Scan.Found(var files, _) -> roster.follow(files);
                case Scan.Missing _ -> roster.follow(Map.of());
                case Scan.Unreadable _ -> {
                    // Nothing new is known.
                }
            }
            looked = true;
            peers.areKnown();
            var statuses = peers.statuses();
            metrics.show(statuses);
            log.peers(statuses);
        } catch (RuntimeException e) {
            LOG.error("Looking after the peers failed; trying on", e);
        }
    }
}
