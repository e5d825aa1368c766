package mesh.lockstep.admission;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Yaml;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("alone")
@QuarkusTest
class AdmissionEndpointIT {

    private static final int LIMIT = 7 * 1024 * 1024;

    @Inject FakePeers peers;

    @BeforeEach
    void forget() {
        peers.forget();
    }

    @Test
    void admitsWithTheUidAndAWarning() {
        peers.lacking("cluster2");

        post(Reviews.bytes(Reviews.create(Reviews.policy(80))))
                .statusCode(200)
                .body("apiVersion", equalTo("admission.k8s.io/v1"))
                .body("kind", equalTo("AdmissionReview"))
                .body("response.uid", equalTo("705ab4f5-6393-11e8-b7cc-42010a800002"))
                .body("response.allowed", equalTo(true))
                .body("response.status", nullValue())
                .body(
                        "response.warnings",
                        contains(
                                "default/allow-api: 1 member does not have it: cluster2 [Missing]"));
    }

    @Test
    void refusesWithStatusForbidden() {
        peers.holding("cluster2", stored(8080));

        post(Reviews.bytes(Reviews.create(Reviews.policy(80))))
                .statusCode(200)
                .body("response.allowed", equalTo(false))
                .body("response.status.code", equalTo(403))
                .body("response.status.reason", equalTo("Forbidden"))
                .body(
                        "response.status.details.causes[0].field",
                        equalTo("spec.ingress[0].toPorts[0].ports[0].port"));
    }

    @Test
    void saysNothingAboutOtherKinds() {
        var review = Reviews.create(Reviews.policy(80));
        ((ObjectNode) Reviews.request(review).get("resource")).put("resource", "ciliumnodes");

        post(Reviews.bytes(review))
                .statusCode(200)
                .body("response.allowed", equalTo(true))
                .body("response.warnings", nullValue())
                .body("response.auditAnnotations", nullValue());
    }

    @Test
    void answersWhatItCannotReadWithBadRequest() {
        post(Reviews.bytes("hello")).statusCode(400).body(startsWith("the body is not valid JSON"));
        post(new byte[0]).statusCode(400).body(equalTo("the request has no body\n"));
    }

    /// As an API server does when its time is over; it speaks HTTP/2, where that is a reset.
    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void doesNotWorkForAClientThatHasGone(HttpClient.Version version) throws Exception {
        var asking = new CompletableFuture<Deadline>();
        var over = new CountDownLatch(1);
        peers.holding("cluster2", stored(8080))
                .whenAsked(
                        deadline -> {
                            asking.complete(deadline);
                            awaitUninterrupted(over);
                        });
        var review = Reviews.bytes(Reviews.create(Reviews.policy(80)));
        try (var client = HttpClient.newBuilder().version(version).build()) {
            client.send(request(new byte[0]), HttpResponse.BodyHandlers.discarding());
            var answer = client.sendAsync(request(review), HttpResponse.BodyHandlers.discarding());
            var deadline = asking.get();
            assertThat(deadline.isGivenUp()).isFalse();

            answer.cancel(true);

            await().until(deadline::isGivenUp);
        } finally {
            over.countDown();
        }
    }

    @Test
    void readsABodyAtTheLimitAndNotOneByteMore() throws IOException, InterruptedException {
        var review = Reviews.bytes(Reviews.create(Reviews.policy(80)));

        post(padded(review, LIMIT)).statusCode(200).body("response.allowed", equalTo(true));
        assertThat(statusBeforeSending(padded(review, LIMIT + 1))).isEqualTo(413);
    }

    @Test
    void cleansControlCharactersInNames() {
        peers.lacking("cluster2");
        var review = Reviews.create(Reviews.policy(80));
        ((ObjectNode) Reviews.request(review).at("/object/metadata"))
                .put("name", "allow\nWarning: all is well\u001b[0m");

        post(Reviews.bytes(review))
                .statusCode(200)
                .body(
                        "response.warnings",
                        contains(
                                "default/allow\uFFFDWarning: all is well\uFFFD[0m: 1 member does not"
                                        + " have it: cluster2 [Missing]"));
    }

    @Test
    void answersPoliciesThatCiliumWouldReject() {
        peers.lacking("cluster2");

        for (var spec : new String[] {"{}", "{spec: text}", "{spec: {}, specs: text}"}) {
            var policy = (ObjectNode) Yaml.read(spec);
            policy.putObject("metadata").put("name", "odd").put("namespace", "default");
            post(Reviews.bytes(Reviews.create(policy)))
                    .statusCode(200)
                    .body("response.allowed", equalTo(true));
        }
    }

    @Test
    void countsDecisionsAndFindingsWithoutNamingPolicies() {
        peers.holding("cluster2", stored(8080));
        post(Reviews.bytes(Reviews.create(Reviews.policy(80)))).statusCode(200);

        var metrics = management("/q/metrics");

        assertThat(metrics)
                .containsPattern(
                        "lockstep_admission_requests_total\\{decision=\"refused\",dry_run=\"false\","
                                + "kind=\"CiliumNetworkPolicy\",operation=\"create\"} \\d")
                .containsPattern(
                        "lockstep_admission_duration_seconds_bucket\\{decision=\"refused\",source=\"asked\",le=\"0.001\"}")
                .containsPattern(
                        "lockstep_findings_total\\{finding=\"Differs\",peer=\"cluster2\"} \\d")
                .doesNotContain("allow-api");
    }

    private static Policy stored(int port) {
        return Policies.read(Policies.KEY, Reviews.policy(port));
    }

    private static ValidatableResponse post(byte[] body) {
        return given().contentType("application/json")
                .body(body)
                .queryParam("timeout", "3s")
                .post("/validate")
                .then();
    }

    /// The server refuses by the announced length and closes, so that sending on would end in a
    /// broken pipe.
    private static HttpRequest request(byte[] body) {
        return HttpRequest.newBuilder(
                        URI.create(
                                "http://localhost:" + RestAssured.port + "/validate?timeout=30s"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int statusBeforeSending(byte[] body) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://localhost:" + RestAssured.port + "/validate"))
                            .expectContinue(true)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static String management(String path) {
        var port =
                ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        return given().get("http://localhost:" + port + path).then().extract().asString();
    }

    private static byte[] padded(byte[] body, int length) {
        var padded = " ".repeat(length).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(body, 0, padded, 0, body.length);
        return padded;
    }
}
