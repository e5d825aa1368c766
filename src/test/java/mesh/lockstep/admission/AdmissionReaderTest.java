package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Petition;
import mesh.lockstep.support.Reviews;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionReaderTest {

    private static final String NOT_JSON =
            "the body is not JSON that can be read (UTF-8, at most 100 levels, no key twice)";

    private final AdmissionReader reader = new AdmissionReader(PolicyReader::new);

    @Test
    void readsACreation() throws UnreadableReviewException {
        var request = reader.read(Reviews.bytes(Reviews.create(Reviews.policy(80))));

        assertThat(request.uid()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
        assertThat(request.petition()).map(Petition::user).contains("jane");
        assertThat(request.dryRun()).isFalse();
        assertThat(request.petition().map(Petition::change))
                .hasValueSatisfying(it -> assertThat(it).isInstanceOf(Change.Created.class));
        assertThat(request.petition().map(Petition::change))
                .map(Change::key)
                .contains(new PolicyKey(PolicyKey.Kind.NETWORK_POLICY, "default", "allow-api"));
    }

    @Test
    void readsAnUpdateAndADeletion() throws UnreadableReviewException {
        var update = Reviews.update(Reviews.policy(80), Reviews.policy(81));
        var delete = Reviews.delete(Reviews.policy(80));

        assertThat(reader.read(Reviews.bytes(update)).petition().orElseThrow().change())
                .isInstanceOfSatisfying(
                        Change.Updated.class, it -> assertThat(it.keepsMeaning()).isFalse());
        assertThat(reader.read(Reviews.bytes(delete)).petition().orElseThrow().change())
                .isInstanceOf(Change.Deleted.class);
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
                                .petition()
                                .map(Petition::change))
                .map(Change::key)
                .contains(new PolicyKey(PolicyKey.Kind.CLUSTERWIDE_NETWORK_POLICY, "", "baseline"));
    }

    @Test
    void takesTheNameThatGenerateNameMade() throws UnreadableReviewException {
        var review = Reviews.create(Reviews.policy(80));
        Reviews.request(review).put("name", "");

        assertThat(reader.read(Reviews.bytes(review)).petition().map(Petition::change))
                .map(it -> it.key().name())
                .contains("allow-api");
    }

    static Stream<Arguments> noneOfOurBusiness() {
        return Stream.of(
                Arguments.of(
                        "another kind", spoiled(it -> resource(it).put("resource", "ciliumnodes"))),
                Arguments.of("another group", spoiled(it -> resource(it).put("group", "apps"))),
                Arguments.of("the status", spoiled(it -> it.put("subResource", "status"))),
                Arguments.of("a connection", spoiled(it -> it.put("operation", "CONNECT"))),
                Arguments.of(
                        "an object being deleted",
                        spoiled(
                                it ->
                                        ((ObjectNode) it.at("/object/metadata"))
                                                .put(
                                                        "deletionTimestamp",
                                                        "2026-01-01T00:00:00Z"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void noneOfOurBusiness(String what, ObjectNode review) throws UnreadableReviewException {
        assertThat(reader.read(Reviews.bytes(review)).petition().map(Petition::change))
                .as(what)
                .isEmpty();
    }

    static Stream<Arguments> unreadable() {
        var creation = new String(Reviews.bytes(Reviews.create(Reviews.policy(80))), UTF_8);
        return Stream.of(
                Arguments.of("no body", bytes(""), "the request has no body"),
                Arguments.of("not JSON", bytes("kind: Review"), NOT_JSON + " at line 1, column 1"),
                Arguments.of("cut off", bytes(creation.substring(0, 40)), NOT_JSON),
                Arguments.of("a tail", bytes(creation + "{}"), NOT_JSON),
                Arguments.of("a key twice", bytes("{\"kind\":\"a\",\"kind\":\"b\"}"), NOT_JSON),
                Arguments.of(
                        "nested 1,000 deep", bytes("[".repeat(1000) + "]".repeat(1000)), NOT_JSON),
                Arguments.of(
                        "invalid UTF-8",
                        new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'},
                        NOT_JSON),
                Arguments.of(
                        "a list",
                        bytes("[]"),
                        "this webhook reads kind AdmissionReview of admission.k8s.io/v1 only"),
                Arguments.of(
                        "another version",
                        bytes(
                                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\"}"),
                        "this webhook reads kind AdmissionReview of admission.k8s.io/v1 only"),
                Arguments.of(
                        "another kind of review",
                        bytes("{\"kind\":\"TokenReview\",\"apiVersion\":\"admission.k8s.io/v1\"}"),
                        "this webhook reads kind AdmissionReview of admission.k8s.io/v1 only"),
                Arguments.of(
                        "no request",
                        bytes(
                                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}"),
                        "the review has no object in its field request"),
                Arguments.of(
                        "no uid",
                        Reviews.bytes(spoiled(it -> it.remove("uid"))),
                        "the review has no text in its field uid"),
                Arguments.of(
                        "no operation",
                        Reviews.bytes(spoiled(it -> it.remove("operation"))),
                        "the review has no text in its field operation"),
                Arguments.of(
                        "no object",
                        Reviews.bytes(spoiled(it -> it.putNull("object"))),
                        "the review has no object in its field object"),
                Arguments.of(
                        "an object that is a text",
                        Reviews.bytes(spoiled(it -> it.put("object", "policy"))),
                        "the review has no object in its field object"),
                Arguments.of(
                        "an update without its old object",
                        Reviews.bytes(spoiled(it -> it.put("operation", "UPDATE"))),
                        "the review has no object in its field oldObject"),
                Arguments.of(
                        "a deletion without its old object",
                        Reviews.bytes(spoiled(it -> it.put("operation", "DELETE"))),
                        "the review has no object in its field oldObject"),
                Arguments.of(
                        "no namespace",
                        Reviews.bytes(spoiled(it -> it.remove("namespace"))),
                        "the review has no text in its field namespace"),
                Arguments.of(
                        "no name",
                        Reviews.bytes(
                                spoiled(
                                        it -> {
                                            it.remove("name");
                                            ((ObjectNode) it.at("/object/metadata")).remove("name");
                                        })),
                        "the review has no text in its field name"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unreadable(String what, byte[] body, String problem) {
        assertThatThrownBy(() -> reader.read(body))
                .as(what)
                .isInstanceOf(UnreadableReviewException.class)
                .hasMessageStartingWith(problem);
    }

    private static final Charset UTF_8 = StandardCharsets.UTF_8;

    private static byte[] bytes(String text) {
        return Reviews.bytes(text);
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
