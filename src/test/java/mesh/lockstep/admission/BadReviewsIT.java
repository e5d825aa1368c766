package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.Cilium;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.LogLines;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is posted to the webhook has a defined answer. The peer cluster2 holds the policy
/// `default/allow-api` as it is in a good review.
@Tag("alone")
@QuarkusTest
class BadReviewsIT {

    private static final String NOT_JSON =
            "the body is not valid JSON (UTF-8, at most 100 levels deep, no duplicate keys)";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Inject FakePeers peers;

    @BeforeEach
    void remember() {
        peers.forget();
        peers.holding("cluster2", Policies.read(Policies.KEY, Reviews.policy(80)));
    }

    static List<BadInput> cases() {
        return BadInput.of("reviews");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answers(BadInput input) throws IOException, InterruptedException {
        try (var log = LogLines.captured()) {
            var response = post(input);

            assertThat(answer(response)).isEqualTo(filled(input.answer()));
            assertThat(response.body()).doesNotContain(BadInput.SECRET);
            assertThat(log.lines())
                    .noneMatch(it -> it.contains(BadInput.SECRET))
                    .noneMatch(it -> it.contains("Exception"));
        }
    }

    @Test
    void knowsManyCases() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(180);
    }

    private static HttpResponse<String> post(BadInput input)
            throws IOException, InterruptedException {
        var server = URI.create("http://localhost:" + RestAssured.port);
        return HTTP.send(BadReviews.request(server, input), HttpResponse.BodyHandlers.ofString());
    }

    /// `${not-json}` in an answer means what is said of everything that is not JSON, and
    /// `${unenforced}` how a warning of what Cilium does not enforce begins.
    private static JsonNode filled(JsonNode answer) throws IOException {
        var text =
                answer.toString()
                        .replace("${not-json}", NOT_JSON)
                        .replace(
                                "${unenforced}",
                                "default/allow-api: Cilium %s will not enforce this"
                                        .formatted(Cilium.VERSION));
        return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /// What counts of an answer, in the form of the cases.
    private static JsonNode answer(HttpResponse<String> response) throws IOException {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.put("status", response.statusCode());
        if (response.statusCode() != 200) {
            return answer.put("says", response.body().strip());
        }
        var body = StrictJson.read(response.body().getBytes(StandardCharsets.UTF_8));
        answer.put("allowed", body.at("/response/allowed").booleanValue());
        if (body.at("/response/status").isObject()) {
            answer.put(
                    "says",
                    body.at("/response/status/message").textValue().lines().findFirst().get());
        }
        if (body.at("/response/warnings").isArray()) {
            answer.set("warnings", body.at("/response/warnings"));
        }
        return answer;
    }
}
