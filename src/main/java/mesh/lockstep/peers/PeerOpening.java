package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import mesh.lockstep.apiserver.FairTime;
import mesh.lockstep.apiserver.PeerApi;
import mesh.lockstep.apiserver.PeerClient;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.apiserver.ServerCertificate;
import mesh.lockstep.kubeconfig.Credentials;
import mesh.lockstep.kubeconfig.Expiry;
import mesh.lockstep.kubeconfig.Kubeconfig;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.reading.PolicyReader;
import org.jboss.logging.Logger;

/// Makes a peer from its file. Every file makes one: a peer that cannot be read is still a member
/// of the mesh.
record PeerOpening(
        HttpClient.Factory clients,
        PolicyReader reader,
        PeersConfig config,
        Surroundings surroundings) {

    private static final Logger LOG = Logger.getLogger(PeerOpening.class);

    private static final Duration CONNECTING = Duration.ofSeconds(10);

    /// What a file does to its reader costs that peer, not the others.
    Peer open(ClusterName name, PeerFile file) {
        try {
            return read(name, file);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.errorf(e, "The kubeconfig of %s cannot be read because of a bug in Lockstep", name);
            return new Peer.Unusable(name, "kubeconfig cannot be read");
        }
    }

    private Peer read(ClusterName name, PeerFile file) {
        return switch (file) {
            case PeerFile.Unreadable _ -> new Peer.Unusable(name, "kubeconfig cannot be read");
            case PeerFile.Late _ -> new Peer.Unusable(name, "kubeconfig cannot be read in time");
            case PeerFile.Content(var bytes) ->
                    switch (Kubeconfig.read(bytes)) {
                        case Kubeconfig.Refused(var reason) -> refused(name, reason);
                        case Kubeconfig.Accepted(var credentials) -> watched(name, credentials);
                    };
        };
    }

    private Peer watched(ClusterName name, Credentials credentials) {
        try {
            var shown = new ServerCertificate();
            var client = PeerClient.of(credentials, clients, config.askTimeout(), shown);
            var api = new PeerApi(client, credentials.server(), surroundings.intake().ofPeer());
            return watched(
                    name,
                    api,
                    new Validity(Expiry.of(credentials), shown, () -> connect(credentials, shown)),
                    surroundings);
        } catch (GeneralSecurityException e) {
            // Both certificates and key were read before.
            return refused(name, "its certificates cannot be used");
        }
    }

    /// Over a connection of its own: the server that answers has shown its certificate.
    private void connect(Credentials credentials, ServerCertificate shown)
            throws InterruptedException {
        try (var api =
                new PeerApi(
                        PeerClient.of(credentials, clients, config.askTimeout(), shown),
                        credentials.server(),
                        surroundings.intake().ofPeer())) {
            api.kubeSystem(CONNECTING);
        } catch (GeneralSecurityException e) {
            // They were used before.
            throw new IllegalStateException(e);
        }
    }

    /// The cluster we run in, watched like a peer.
    Peer openOwn(ClusterName name, Server server) {
        var intake = surroundings.intake().ofPeer();
        var api = new PeerApi(server.client(), server.address(), intake);
        return watched(name, api, Validity.UNKNOWN, surroundings.ofOwn());
    }

    private Peer watched(ClusterName name, PeerApi api, Validity validity, Surroundings around) {
        var fairTime = new FairTime(config.askTimeout());
        return new WatchedPeer(name, api, reader, validity, fairTime, around);
    }

    private static Peer refused(ClusterName name, String reason) {
        return new Peer.Unusable(name, "kubeconfig refused: " + reason);
    }
}
