package mesh.lockstep.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Reviews;

/// The bodies of `bad/reviews.yaml`: as written in `body`, or a good review, spoiled. `${review}`
/// in a body means a good one.
final class BadReviews {

    private static final String GOOD =
            new String(Reviews.bytes(Reviews.create(Reviews.policy(80))), UTF_8);

    private BadReviews() {}

    /// To the webhook at an address, granted and labelled as the case says.
    static HttpRequest request(URI server, BadInput input) {
        var timeout = input.tree().path("timeout").asText("3s");
        return HttpRequest.newBuilder(server.resolve("/validate?timeout=" + timeout))
                .header("Content-Type", input.tree().path("type").asText("application/json"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(input)))
                .build();
    }

    static byte[] body(BadInput input) {
        if (input.tree().has("body")) {
            return BadInput.bytes(
                    input.tree().path("body"), text -> text.replace("${review}", GOOD));
        }
        var review = review(input.tree().path("of").asText("a creation"));
        for (var change : input.tree().path("set").properties()) {
            var place = JsonPointer.compile(change.getKey());
            parent(review, place).set(place.last().getMatchingProperty(), change.getValue());
        }
        for (var gone : input.tree().path("without")) {
            var place = JsonPointer.compile(gone.textValue());
            parent(review, place).remove(place.last().getMatchingProperty());
        }
        var text = new String(Reviews.bytes(review), UTF_8);
        for (var change : input.tree().path("replace").properties()) {
            assertThat(text).contains(change.getKey());
            text = text.replace(change.getKey(), change.getValue().textValue());
        }
        return Reviews.bytes(text);
    }

    private static ObjectNode parent(ObjectNode review, JsonPointer place) {
        return (ObjectNode) review.at(place.head());
    }

    private static ObjectNode review(String of) {
        return switch (of) {
            case "a creation" -> Reviews.create(Reviews.policy(80));
            case "an update" -> Reviews.update(Reviews.policy(80), Reviews.policy(81));
            case "a deletion" -> Reviews.delete(Reviews.policy(80));
            default -> throw new IllegalArgumentException("no review of " + of);
        };
    }
}
