package mesh.lockstep.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mesh.lockstep.apiserver.CannedClient.Canned;
import mesh.lockstep.support.BadInput;

/// The API servers of `bad/answers.yaml`: each answers some question oddly, all others well. It has
/// no clusterwide policies.
public final class BadAnswers {

    public static final URI SERVER = URI.create("https://10.0.0.1:6443");

    private static final String POLICY =
            """
            {"metadata":{"namespace":"default","name":"a","resourceVersion":"101",\
            "annotations":{"lockstep.mesh/revision":"${revision}"}},"spec":{"endpointSelector":{}}}""";

    private static final String LIST =
            """
            {"metadata":{"resourceVersion":"100"},"items":[${policy}]}""";

    private static final String EMPTY = "{\"metadata\":{\"resourceVersion\":\"100\"},\"items\":[]}";

    private static final String CLUSTERWIDE = "/ciliumclusterwidenetworkpolicies";

    private BadAnswers() {}

    public static Function<HttpRequest, Canned> of(BadInput input) {
        return request -> {
            var verb = verb(request.uri());
            if (request.uri().getPath().endsWith(CLUSTERWIDE)) {
                return verb.equals("list") ? ok(EMPTY) : good(verb);
            }
            return input.tree().has(verb) ? answer(input.tree().path(verb)) : good(verb);
        };
    }

    /// One that answers every question well.
    public static Function<HttpRequest, Canned> good() {
        return request -> good(verb(request.uri()));
    }

    public static boolean isWatch(HttpRequest request) {
        return verb(request.uri()).equals("watch");
    }

    /// What the watch of a case sends.
    static byte[] watch(BadInput input) {
        return answer(input.tree().path("watch")).pieces().getFirst();
    }

    /// The page that a case lists.
    static byte[] list(BadInput input) {
        return answer(input.tree().path("list")).pieces().getFirst();
    }

    private static String verb(URI uri) {
        if (uri.getPath().endsWith("/kube-system")) {
            return "identify";
        }
        if (!uri.getPath().endsWith("s")) {
            return "get";
        }
        var query = String.valueOf(uri.getQuery());
        return query.contains("watch=") ? "watch" : query.contains("continue=") ? "next" : "list";
    }

    private static Canned good(String verb) {
        return switch (verb) {
            case "identify" -> ok("{\"metadata\":{\"uid\":\"east\"}}");
            case "get" -> ok("${policy}");
            case "list", "next" -> ok("${list}");
            default -> new Canned(200, Map.of(), List.of(), true);
        };
    }

    private static Canned ok(String body) {
        return Canned.ok(filled(body).getBytes(UTF_8));
    }

    /// A body, or an object with `code`, `headers`, `body` and whether it stays `open`.
    private static Canned answer(JsonNode node) {
        if (!node.has("body")) {
            return Canned.ok(BadInput.bytes(node, BadAnswers::filled));
        }
        var headers = new HashMap<String, List<String>>();
        for (var header : node.path("headers").properties()) {
            headers.put(header.getKey(), List.of(header.getValue().asText()));
        }
        return new Canned(
                node.path("code").asInt(200),
                headers,
                List.of(BadInput.bytes(node.path("body"), BadAnswers::filled)),
                node.path("open").asBoolean());
    }

    private static String filled(String text) {
        return text.replace("${list}", LIST)
                .replace("${newer}", POLICY.replace("${revision}", "2"))
                .replace("${policy}", POLICY.replace("${revision}", "1"));
    }
}
