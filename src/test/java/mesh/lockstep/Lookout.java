package mesh.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;

/// Looks for drift in every place where one cluster shows it.
record Lookout(Mesh mesh, String cluster) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> DRIFT = Set.of("Diverged", "MissingHere", "MissingThere");
    private static final Pattern COUNTED =
            Pattern.compile(
                    "lockstep_policies\\{.*state=\"(" + String.join("|", DRIFT) + ")\"} [1-9].*");

    /// What the webhook says of policies that differ, in whatever way.
    JsonNode overview() {
        return overview("");
    }

    /// The same of what a query selects.
    JsonNode overview(String query) {
        return json(get("/mesh/policies?" + query, "application/json"));
    }

    /// What the webhook says of the policy of that name; missing if it says nothing.
    JsonNode policy(String name) {
        return overview("show=all")
                .path("policies")
                .valueStream()
                .filter(it -> it.path("name").asText().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /// As kubectl or curl shows it.
    String table() {
        return get("/mesh/policies", "text/plain");
    }

    String metrics() {
        return get("/q/metrics", "*/*");
    }

    /// When the last pass over all policies was over.
    double lastFullPass() {
        return lastFullPass(metrics());
    }

    /// The same by the metrics of any webhook.
    static double lastFullPass(String metrics) {
        return metrics.lines()
                .filter(it -> it.startsWith("lockstep_last_full_pass_timestamp_seconds "))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .sum();
    }

    /// Where the webhook tells of drift.
    Stream<String> drift(JsonNode overview) {
        return Stream.of(overview.path("policies"))
                .flatMap(JsonNode::valueStream)
                .filter(it -> DRIFT.contains(it.path("state").asText()))
                .map(JsonNode::toString);
    }

    /// Where the webhook counts drift.
    Stream<String> counted() {
        return metrics().lines().filter(it -> COUNTED.matcher(it).matches());
    }

    /// What the API server has to say for good: events, and reports that fail.
    List<String> told() {
        var told = new ArrayList<String>();
        for (var event : list("events.events.k8s.io")) {
            if (DRIFT.contains(event.path("reason").asText())) {
                told.add(event.path("reason").asText() + event.path("regarding"));
            }
        }
        for (var report : list("reports.openreports.io")) {
            if (report.path("summary").path("fail").asInt() > 0) {
                told.add(report.path("scope").toString() + report.path("results"));
            }
        }
        return told;
    }

    /// What the events say that are about the policy of that name, and how often they repeat.
    List<String> events(String name) {
        var told = new ArrayList<String>();
        for (var event : list("events.events.k8s.io")) {
            if (event.path("regarding").path("name").asText().equals(name)) {
                var count = event.path("series").path("count").asInt();
                told.add(
                        String.join(
                                " ",
                                event.path("type").asText(),
                                event.path("reason").asText(),
                                event.path("note").asText() + (count > 0 ? " x" + count : "")));
            }
        }
        return told;
    }

    /// What the API server holds of a kind.
    JsonNode list(String kind) {
        var listed = kubectl(kind);
        if (!listed.succeeded()) {
            throw new AssertionError(listed.err());
        }
        return json(listed.out()).path("items");
    }

    /// Or a missing node.
    JsonNode object(String kind, String name) {
        var got = kubectl(kind, name);
        return got.succeeded() ? json(got.out()) : MissingNode.getInstance();
    }

    private Kubectl.Output kubectl(String... what) {
        var get = Stream.of("get", "-n", "default", "-o", "json");
        return mesh.kubectl(cluster)
                .run(Stream.concat(get, Stream.of(what)).toArray(String[]::new));
    }

    private String get(String path, String type) {
        var port = mesh.cluster(cluster).path("webhook").path("managementPort").asInt();
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Accept", type)
                        .timeout(PATIENCE)
                        .build();
        try {
            var response = HTTP.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + ": HTTP " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
