package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.peers.PeerDirectory.Contents;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Kept;
import mesh.lockstep.vigil.Vigil;
import org.jspecify.annotations.Nullable;

/// Looks after the peers from start to stop: finds out who we are, then looks into the folder every
/// few seconds.
@Singleton
class PeersLifecycle {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final OwnCluster own;
    private final KubernetesPeers peers;
    private final PeersMetrics metrics;
    private final PeerDirectory directory;
    private final PeersConfig config;
    private final HttpClient.Factory clients;
    private final Supplier<Server> server;
    private final Vigil vigil;
    private @Nullable Kept thread;

    /// Outlives what happens to the thread: memory of the peers is not its own.
    private @Nullable Following following;

    private record Following(Peer ours, Roster roster, PeersLog log) {

        void end() {
            roster.close();
            ours.close();
        }
    }

    PeersLifecycle(
            OwnCluster own,
            KubernetesPeers peers,
            PeersMetrics metrics,
            PeersConfig config,
            HttpClient.Factory clients,
            Supplier<Server> server,
            Vigil vigil) {
        this.own = own;
        this.peers = peers;
        this.metrics = metrics;
        this.directory = new PeerDirectory(config.directory());
        this.config = config;
        this.clients = clients;
        this.server = server;
        this.vigil = vigil;
    }

    void start(@Observes StartupEvent event) {
        thread = vigil.keep(Duty.FOLDER, "peers", this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        var running = thread;
        if (running != null) {
            running.close(STOP);
        }
    }

    private void run(Heartbeat heartbeat) throws InterruptedException {
        try {
            var begun = following == null ? begin(heartbeat) : following;
            following = begun;
            while (true) {
                look(begun);
                own.keepUp();
                heartbeat.beat();
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            // Asked to stop.
            if (following != null) {
                following.end();
                following = null;
            }
            throw e;
        }
    }

    private Following begin(Heartbeat heartbeat) throws InterruptedException {
        var here = own.await(heartbeat);
        peers.weAre(here, new Peer.Unusable(here, "not read yet"));
        var opening =
                new PeerOpening(
                        clients,
                        own.reader(),
                        config,
                        Surroundings.of(
                                Pace.ordinary(config.staleAfter()),
                                own::uid,
                                peers::changed,
                                peers::changedIn,
                                peers.movements(),
                                vigil));
        var ours = opening.openOwn(here, server.get());
        peers.weAre(here, ours);
        return new Following(ours, new Roster(here, peers, opening), new PeersLog(here));
    }

    private void look(Following following) throws InterruptedException {
        var scan = directory.scan();
        following.log().folder(directory.path(), scan);
        switch (scan) {
            case Contents.Found(var files, _) -> follow(following.roster(), files);
            case Contents.Missing _ -> follow(following.roster(), Map.of());
            case Contents.Unreadable _ -> {
                // Nothing new is known.
            }
        }
        peers.nowKnown();
        var statuses = peers.statuses();
        metrics.show(statuses);
        following.log().peers(statuses);
    }

    private void follow(Roster roster, Map<ClusterName, PeerFile> files) {
        roster.follow(files);
        metrics.folderWasRead();
    }
}
