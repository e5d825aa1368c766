package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.PolicyReader;

/// A mesh of stub peers and this cluster, which follows them as in production: by their files.
final class StubMesh implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(50);

    private static final ClusterName HERE = new ClusterName("here");

    private final StubMember own = new StubMember(HERE.value());
    private final List<StubMember> members;
    private final KubernetesPeers peers = new KubernetesPeers(Settings.quick());
    private final Peer ours;
    private final Roster roster;
    private final Thread looking;

    StubMesh(Vertx vertx, Pace pace, List<StubMember> members) {
        this.members = members;
        var opening =
                new PeerOpening(
                        new VertxHttpClientFactory(vertx),
                        new PolicyReader(),
                        Settings.quick(),
                        Settings.surroundings(pace, Optional::empty));
        ours = opening.open(HERE, own.file());
        peers.weAre(HERE, ours);
        roster = new Roster(HERE, peers, opening);
        looking = Thread.ofVirtual().start(this::look);
    }

    static List<StubMember> members(int number) {
        return IntStream.rangeClosed(1, number).mapToObj(i -> new StubMember("peer" + i)).toList();
    }

    /// The cluster that follows them.
    StubMember own() {
        return own;
    }

    List<StubMember> members() {
        return members;
    }

    KubernetesPeers peers() {
        return peers;
    }

    boolean areUp() {
        var statuses = peers.statuses();
        return statuses.size() == members.size() && statuses.stream().allMatch(PeerStatus::up);
    }

    private void look() {
        try {
            while (true) {
                roster.follow(
                        members.stream()
                                .collect(Collectors.toMap(StubMember::name, StubMember::file)));
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    @Override
    public void close() {
        looking.interrupt();
        try {
            looking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        roster.close();
        ours.close();
        members.forEach(StubMember::close);
        own.close();
    }
}
