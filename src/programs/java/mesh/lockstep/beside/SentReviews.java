package mesh.lockstep.beside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Caller;
import mesh.lockstep.support.Load;
import mesh.lockstep.support.Yaml;

/// The reviews of two changes, as the real API server has sent them: to be sent directly.
///
/// @param admitted of a change to what the peers have
/// @param refused of a change to what nobody has
/// @param authority of the webhooks' certificate
record SentReviews(JsonNode admitted, JsonNode refused, Path authority) {

    private static final HttpClient HTTP = Caller.stranger().client();

    /// Has the API server send them to a webhook that keeps them.
    static SentReviews record(Stage stage, Changes changes, Webhooks webhooks) {
        var file = stage.folder().resolve("review.json");
        var webhook = webhooks.empty(file.toString());
        try (var running = webhook.start().begin()) {
            running.awaitReady();
            try (var _ = new Registration(stage, changes, webhook, running.port())) {
                changes.change(webhook.name(), Version.PEERS);
                var admitted = read(file);
                changes.change(webhook.name(), Version.THIRD);
                return new SentReviews(admitted, read(file), stage.authority());
            }
        }
    }

    private static JsonNode read(Path file) {
        try {
            return StrictJson.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reviews of changes in a namespace, one of each policy, sent to where its webhook listens.
    Load load(Webhook webhook, int port, boolean admitted, int rate, Duration time) {
        var load =
                new Load("127.0.0.1:" + port, authority, rate, time)
                        .expecting("\"allowed\":" + (admitted || !webhook.judges()));
        for (int i = 0; i < Stage.POLICIES; i++) {
            load.request(
                    "POST",
                    "https://" + Stage.HOST + webhook.path() + "?timeout=3s",
                    "application/json",
                    Yaml.json(about(webhook.name(), i, admitted ? this.admitted : refused)));
        }
        return load;
    }

    /// Whether the first of them is refused, asked once.
    boolean refuses(Webhook webhook, int port) {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://127.0.0.1:"
                                                + port
                                                + webhook.path()
                                                + "?timeout=3s"))
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofByteArray(
                                        Yaml.json(about(webhook.name(), 0, refused))))
                        .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString()).body().contains("\"allowed\":false");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of an admitted one.
    int bytes() {
        return Yaml.json(admitted).length;
    }

    private static JsonNode about(String namespace, int number, JsonNode review) {
        var copy = (ObjectNode) review.deepCopy();
        copy.withObject("/request").put("namespace", namespace).put("name", Version.name(number));
        for (var object : new String[] {"object", "oldObject"}) {
            copy.withObject("/request/" + object + "/metadata")
                    .put("namespace", namespace)
                    .put("name", Version.name(number));
        }
        return copy;
    }
}
