package mesh.lockstep.pages;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.StrictJson;

/// Where people and programs look at the mesh: on the port for operators, reading only.
@Singleton
class MeshRoutes {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    /// Nothing but our own style sheet, icon and forms: were a text ever not escaped, it could do
    /// nothing.
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'none'";

    private final OverviewSource overviews;
    private final MeshPages pages;

    MeshRoutes(OverviewSource overviews, MeshPages pages) {
        this.overviews = overviews;
        this.pages = pages;
    }

    void route(@Observes ManagementInterface management) {
        var router = management.router();
        get(router, Links.MATRIX, this::matrix);
        get(router, Links.POLICY, this::policy);
        get(router, Links.STYLE, context -> answer(context, "text/css", pages.style()));
        get(router, Links.ICON, context -> answer(context, "image/svg+xml", pages.icon()));
        router.get("/mesh/policies")
                .produces(JSON)
                .produces(TEXT)
                .blockingHandler(this::policies, false);
    }

    /// Answering may wait for peers.
    private static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).blockingHandler(handler, false);
    }

    private void matrix(RoutingContext request) {
        var query = new Query(request);
        answer(request, "text/html", pages.matrix(query.selection(), query.members()));
    }

    private void policy(RoutingContext request) {
        var query = new Query(request);
        var answer =
                query.key()
                        .map(key -> pages.policy(key, query.peer(), request.response()::closed))
                        .orElseGet(PolicyAnswer.Nowhere::new);
        switch (answer) {
            case PolicyAnswer.Page(var html) -> answer(request, "text/html", html);
            case PolicyAnswer.Nowhere() -> {
                request.response().setStatusCode(NOT_FOUND);
                answer(request, TEXT, "No member is known to have this policy.\n");
            }
            case PolicyAnswer.Crowded() -> {
                request.response().setStatusCode(UNAVAILABLE).putHeader("Retry-After", "3");
                answer(request, TEXT, "Others are being compared right now. Try again.\n");
            }
        }
    }

    private void policies(RoutingContext request) {
        var overview = overviews.of(new Query(request).selection());
        if (TEXT.equals(request.getAcceptableContentType())) {
            answer(request, TEXT, OverviewText.of(overview));
        } else {
            answer(request, JSON, json(overview));
        }
    }

    private static String json(Overview overview) {
        try {
            return new String(
                    StrictJson.write(Clean.tree(OverviewJson.of(overview))),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Much of it is what peers say.
    private static void answer(RoutingContext request, String type, String body) {
        request.response()
                .putHeader("Content-Type", type + "; charset=utf-8")
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .end(Clean.lines(body));
    }
}
