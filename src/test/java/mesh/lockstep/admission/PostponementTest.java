package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Level;
import mesh.lockstep.rollout.Namespaces.Namespace;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.rollout.Severity;
import mesh.lockstep.support.FakePeers;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is answered where there is no place or no memory for a review.
class PostponementTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Scope SCOPE = new Scope(_ -> Namespace.ORDINARY, Set.of("kube-system"));
    private static final AdmissionReader READER = new AdmissionReader(PolicyReader::new);
    private static final AdmissionWriter WRITER =
            new AdmissionWriter(new Wording(Disclosure.VALUES));
    private final TurnedAwayException memory = new TurnedAwayException(TurnedAway.Reason.MEMORY);

    @ParameterizedTest
    @EnumSource(names = {"STRICT", "DENY"})
    void putsOffWhatMightBeRefused(Level level) throws Exception {
        var create = Reviews.create(Reviews.policy(80));
        var update = Reviews.update(Reviews.policy(80), Reviews.policy(81));
        for (var review : new ObjectNode[] {create, update}) {
            var response = response(level, review);

            assertThat(response.path("uid").asText())
                    .isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
            assertThat(response.path("allowed").asBoolean(true)).isFalse();
            assertThat(response.path("status"))
                    .hasToString(
                            "{\"status\":\"Failure\",\"code\":429,"
                                    + "\"reason\":\"TooManyRequests\","
                                    + "\"message\":\"CiliumNetworkPolicy default/allow-api cannot"
                                    + " be judged right now.\\nLockstep has too much to read right"
                                    + " now. Try again in a few seconds.\","
                                    + "\"details\":{\"group\":\"cilium.io\","
                                    + "\"kind\":\"CiliumNetworkPolicy\","
                                    + "\"name\":\"allow-api\",\"retryAfterSeconds\":1}}");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WARN", "AUDIT"})
    void refusesNothingWhereNothingIsRefused(Level level) throws Exception {
        isAdmitted(response(level, Reviews.create(Reviews.policy(80))), true);
    }

    @Test
    void admitsAnyoneWhoMayOverride() throws Exception {
        var review = Reviews.create(Reviews.policy(80));
        ((ObjectNode) Reviews.request(review).path("userInfo"))
                .putArray("groups")
                .add("admins")
                .add("lockstep:override");

        isAdmitted(response(Level.DENY, review), true);
    }

    @Test
    void admitsWhatIsNeverRefused() throws Exception {
        isAdmitted(response(Level.DENY, Reviews.delete(Reviews.policy(80))), false);
        var status = Reviews.create(Reviews.policy(80));
        Reviews.request(status).put("subResource", "status");
        isAdmitted(response(Level.DENY, status), false);
        var other = Reviews.create(Reviews.policy(80));
        ((ObjectNode) Reviews.request(other).path("resource")).put("resource", "ciliumnodes");
        isAdmitted(response(Level.DENY, other), false);
        var system = Reviews.create(Reviews.policy(80));
        Reviews.request(system).put("namespace", "kube-system");
        isAdmitted(response(Level.DENY, system), false);
    }

    /// With `generateName` the request has no name.
    @Test
    void readsNoMoreOfAPolicyThanItsName() throws Exception {
        var review = Reviews.create(Reviews.policy(80));
        var request = Reviews.request(review);
        request.remove("name");
        ((ObjectNode) request.path("object")).put("spec", "x".repeat(300_000));

        var response = response(Level.DENY, review);

        assertThat(response.at("/status/details/name").asText()).isEqualTo("allow-api");
    }

    @Test
    void isCountedAndLeavesTheRestAsItWas() throws Exception {
        var metrics = new SimpleMeterRegistry();
        var endpoint = endpoint(metrics);
        var review = Reviews.bytes(Reviews.create(Reviews.policy(80)));

        assertThat(endpoint.putOff(review, Deadline.in(LONG), memory, "10.0.0.1")).isPresent();
        assertThat(metrics.get("lockstep.admission.turned.away").counter().count()).isOne();

        var unreadable = Reviews.bytes("hello");
        assertThatThrownBy(() -> endpoint.putOff(unreadable, Deadline.in(LONG), memory, "10.0.0.1"))
                .isSameAs(memory);
        var givenUp = Deadline.in(LONG).orOnce(() -> true);
        assertThat(endpoint.putOff(review, givenUp, memory, "10.0.0.1")).isEmpty();
    }

    private static void isAdmitted(JsonNode response, boolean withAWarning) {
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.has("status")).isFalse();
        assertThat(response.path("warnings").path(0).asText())
                .isEqualTo(
                        withAWarning
                                ? "default/allow-api was not compared with the other members:"
                                        + " Lockstep had too much to read"
                                : "");
    }

    private static JsonNode response(Level level, ObjectNode review)
            throws UnreadableReviewException, IOException {
        var answer = postponement(level).answer(Reviews.bytes(review));
        return StrictJson.read(answer).path("response");
    }

    private static Postponement postponement(Level level) {
        return new Postponement(
                READER,
                WRITER,
                SCOPE,
                new Enforcement(level, Severity.WARN, Set.of("lockstep:override")));
    }

    private static AdmissionEndpoint endpoint(SimpleMeterRegistry metrics) {
        var enforcement = new Enforcement(Level.DENY, Severity.WARN, Set.of());
        return new AdmissionEndpoint(
                READER,
                new Referee(new FakePeers(), Histories.NONE, SCOPE, enforcement),
                Histories.NONE,
                WRITER,
                new DecisionLog(metrics),
                new ReviewSeats(),
                new TurnedAway(metrics),
                postponement(Level.DENY));
    }
}
