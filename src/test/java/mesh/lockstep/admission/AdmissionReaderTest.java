package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.RequestedChange;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read; what is not is in `bad/reviews.yaml`.
class AdmissionReaderTest {

    private final AdmissionReader reader = new AdmissionReader(PolicyReader::new);

    @Test
    void readsACreation() throws UnreadableReviewException {
        var request = reader.read(Reviews.bytes(Reviews.create(Reviews.policy(80))));

        assertThat(request.uid()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
        assertThat(request.requested()).map(RequestedChange::user).contains("jane");
        assertThat(request.dryRun()).isFalse();
        assertThat(request.requested().map(RequestedChange::change))
                .hasValueSatisfying(it -> assertThat(it).isInstanceOf(Change.Created.class));
        assertThat(request.requested().map(RequestedChange::change))
                .map(Change::key)
                .contains(
                        new PolicyKey(
                                PolicyKey.Kind.CILIUM_NETWORK_POLICY, "default", "allow-api"));
    }

    @Test
    void readsAnUpdateAndADeletion() throws UnreadableReviewException {
        var update = Reviews.update(Reviews.policy(80), Reviews.policy(81));
        var delete = Reviews.delete(Reviews.policy(80));

        assertThat(reader.read(Reviews.bytes(update)).requested().orElseThrow().change())
                .isInstanceOfSatisfying(
                        Change.Updated.class, it -> assertThat(it.keepsMeaning()).isFalse());
        assertThat(reader.read(Reviews.bytes(delete)).requested().orElseThrow().change())
                .isInstanceOf(Change.Deleted.class);
    }

    /// 950,000 empty rules are a valid dry run of 2.8 MB, and the same before and after is not a
    /// change.
    @Test
    void readsRulesThatAreTooLargeForATree() throws UnreadableReviewException {
        var same = request(large("{}"), large("{}"));
        var other = request(large("{}"), large("[]"));

        assertThat(same)
                .isInstanceOfSatisfying(
                        Change.Updated.class, it -> assertThat(it.keepsMeaning()).isTrue());
        assertThat(other)
                .isInstanceOfSatisfying(
                        Change.Updated.class, it -> assertThat(it.keepsMeaning()).isFalse());
    }

    private Change request(String before, String after) throws UnreadableReviewException {
        var review = Reviews.update(marked("BEFORE"), marked("AFTER"));
        var large =
                new String(Reviews.bytes(review), StandardCharsets.UTF_8)
                        .replace("\"BEFORE\"", before)
                        .replace("\"AFTER\"", after);
        return reader.read(Reviews.bytes(large)).requested().orElseThrow().change();
    }

    private static JsonNode marked(String spec) {
        return ((ObjectNode) Reviews.policy(80)).put("spec", spec);
    }

    private static String large(String last) {
        return "{\"endpointSelector\":{},\"ingress\":[" + "{},".repeat(950_000) + last + "]}";
    }

    @Test
    void readsADryRun() throws UnreadableReviewException {
        var review = Reviews.create(Reviews.policy(80));
        Reviews.request(review).put("dryRun", true);

        assertThat(reader.read(Reviews.bytes(review)).dryRun()).isTrue();
    }

    @Test
    void readsAClusterwidePolicy() throws UnreadableReviewException {
        var policy =
                Yaml.read(
                        """
                        kind: CiliumClusterwideNetworkPolicy
                        metadata: {name: baseline}
                        spec: {endpointSelector: {}, ingress: []}
                        """);

        assertThat(
                        reader.read(Reviews.bytes(Reviews.create(policy)))
                                .requested()
                                .map(RequestedChange::change))
                .map(Change::key)
                .contains(
                        new PolicyKey(
                                PolicyKey.Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "baseline"));
    }

    @Test
    void takesTheNameThatGenerateNameMade() throws UnreadableReviewException {
        var review = Reviews.create(Reviews.policy(80));
        Reviews.request(review).put("name", "");

        assertThat(reader.read(Reviews.bytes(review)).requested().map(RequestedChange::change))
                .map(it -> it.key().name())
                .contains("allow-api");
    }

    static Stream<Arguments> exemptsWhatDoesNotConcernUs() {
        return Stream.of(
                Arguments.of(
                        "another kind", spoiled(it -> resource(it).put("resource", "ciliumnodes"))),
                Arguments.of("another group", spoiled(it -> resource(it).put("group", "apps"))),
                Arguments.of("the status", spoiled(it -> it.put("subResource", "status"))),
                Arguments.of("a connection", spoiled(it -> it.put("operation", "CONNECT"))),
                Arguments.of("an object being deleted that stays the same", going(80)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void exemptsWhatDoesNotConcernUs(String what, ObjectNode review)
            throws UnreadableReviewException {
        assertThat(reader.read(Reviews.bytes(review)).requested().map(RequestedChange::change))
                .as(what)
                .isEmpty();
    }

    @Test
    void readsAChangeOfWhatAFinalizerKeeps() throws UnreadableReviewException {
        var request = reader.read(Reviews.bytes(going(81)));

        assertThat(request.requested().map(RequestedChange::change))
                .containsInstanceOf(Change.Updated.class);
    }

    /// An update of a policy with port 80 that is being deleted.
    private static ObjectNode going(int port) {
        var review = Reviews.update(Reviews.policy(80), Reviews.policy(port));
        ((ObjectNode) review.at("/request/object/metadata"))
                .put("deletionTimestamp", "2026-01-01T00:00:00Z");
        return review;
    }

    private static ObjectNode spoiled(Consumer<ObjectNode> spoil) {
        var review = Reviews.create(Reviews.policy(80));
        spoil.accept(Reviews.request(review));
        return review;
    }

    private static ObjectNode resource(ObjectNode request) {
        return (ObjectNode) request.get("resource");
    }
}
