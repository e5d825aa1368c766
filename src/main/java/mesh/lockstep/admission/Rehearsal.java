package mesh.lockstep.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.rollout.Judgement;

/// A review that nobody sent: a policy is changed, read, and answered. Nothing is logged or
/// counted, nobody is asked.
final class Rehearsal {

    private final AdmissionReader reader;
    private final AdmissionWriter writer;
    private final byte[] review;

    Rehearsal(AdmissionReader reader, AdmissionWriter writer) {
        this.reader = reader;
        this.writer = writer;
        try {
            var before = policy();
            var after = before.deepCopy();
            ((ObjectNode) after.at("/spec/ingress/1/fromCIDRSet/0")).put("cidr", "10.0.0.0/9");
            review = review(after, before);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Gives the answer.
    byte[] play() {
        try {
            return writer.write(reader.read(review), Judgement.EXEMPT);
        } catch (UnreadableReviewException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode policy() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(Rehearsal.class.getResourceAsStream("/rehearsal.json"))) {
            return (ObjectNode) StrictJson.read(json.readAllBytes());
        }
    }

    private static byte[] review(JsonNode object, JsonNode oldObject) throws IOException {
        var review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", AdmissionReader.API_VERSION);
        var request = review.putObject("request").put("uid", "rehearsal");
        request.putObject("resource")
                .put("group", PolicyKey.Kind.CILIUM_NETWORK_POLICY.group())
                .put("resource", PolicyKey.Kind.CILIUM_NETWORK_POLICY.plural());
        request.put("namespace", "rehearsal").put("operation", "UPDATE");
        request.putObject("userInfo").put("username", "rehearsal");
        request.set("object", object);
        request.set("oldObject", oldObject);
        return StrictJson.write(review);
    }
}
