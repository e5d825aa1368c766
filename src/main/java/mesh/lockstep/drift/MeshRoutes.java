package mesh.lockstep.drift;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mesh.lockstep.peers.KubernetesPeers;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.StrictJson;

/// Where people and programs look at the mesh: on the port for operators, reading only.
@ApplicationScoped
class MeshRoutes {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    private final DriftLifecycle drift;
    private final KubernetesPeers peers;

    MeshRoutes(DriftLifecycle drift, KubernetesPeers peers) {
        this.drift = drift;
        this.peers = peers;
    }

    void route(@Observes ManagementInterface management) {
        management
                .router()
                .get("/mesh/policies")
                .produces(JSON)
                .produces(TEXT)
                .blockingHandler(this::policies, false);
    }

    private void policies(RoutingContext request) {
        var overview = overview(request);
        if (TEXT.equals(request.getAcceptableContentType())) {
            answer(request, TEXT, OverviewText.of(overview).getBytes(StandardCharsets.UTF_8));
        } else {
            answer(request, JSON, json(overview));
        }
    }

    private Overview overview(RoutingContext request) {
        return Overview.of(
                peers.here().map(ClusterName::value).orElse(""),
                drift.lastFullPass(),
                peers.statuses(),
                drift.conditions(),
                selection(request));
    }

    private static Selection selection(RoutingContext request) {
        return new Selection(
                parameter(request, "namespace"),
                parameter(request, "show").filter("all"::equals).isPresent(),
                parameter(request, "page").map(MeshRoutes::number).orElse(1));
    }

    private static Optional<String> parameter(RoutingContext request, String name) {
        return request.queryParam(name).stream().findFirst().filter(it -> !it.isEmpty());
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 1;
    }

    private static byte[] json(Overview overview) {
        try {
            return StrictJson.write(OverviewJson.of(overview));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(RoutingContext request, String type, byte[] body) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Type", type + "; charset=utf-8");
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.end(io.vertx.core.buffer.Buffer.buffer(body));
    }
}
