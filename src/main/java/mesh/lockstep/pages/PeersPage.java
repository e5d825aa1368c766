package mesh.lockstep.pages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import mesh.lockstep.peers.KubernetesPeers;
import mesh.lockstep.peers.OwnCluster;
import mesh.lockstep.peers.PeerStatus;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.StrictJson;

/// `GET /mesh/peers` on the management port: what we know of each peer. JSON, or a table for
/// `Accept: text/plain`.
@Singleton
class PeersPage {

    private final OwnCluster own;
    private final KubernetesPeers peers;

    PeersPage(OwnCluster own, KubernetesPeers peers) {
        this.own = own;
        this.peers = peers;
    }

    void register(@Observes ManagementInterface management) {
        var router = management.router();
        router.get("/mesh/peers").produces("application/json").handler(this::json);
        router.get("/mesh/peers").produces("text/plain").handler(this::table);
    }

    private void table(RoutingContext context) {
        context.response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(Clean.lines(PeersTable.of(peers.statuses(), Instant.now())));
    }

    private void json(RoutingContext context) {
        var page = JsonNodeFactory.instance.objectNode();
        page.put("cluster", own.name().map(ClusterName::value).orElse(null));
        var list = page.putArray("peers");
        peers.statuses().forEach(status -> describe(status, list.addObject()));
        try {
            context.response()
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(StrictJson.write(Clean.tree(page))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is not known is not there.
    private static void describe(PeerStatus status, ObjectNode peer) {
        peer.put("name", status.peer().value());
        peer.put("state", status.standing().state());
        peer.put("reason", status.standing().words());
        peer.put("since", text(status.since()));
        status.lastHeard().ifPresent(instant -> peer.put("lastHeard", text(instant)));
        peer.put("synced", status.synced());
        var policies = peer.putObject("policies");
        status.policies().forEach((kind, number) -> policies.put(kind.kindName(), number));
        status.expires().ifPresent(expiry -> peer.put("credentialExpires", text(expiry)));
        status.notRenewed().ifPresent(text -> peer.put("credentialNotRenewed", text));
        status.certificateExpires()
                .ifPresent(expiry -> peer.put("certificateExpires", text(expiry)));
        status.callsItself().ifPresent(name -> peer.put("callsItself", name.value()));
    }

    private static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
