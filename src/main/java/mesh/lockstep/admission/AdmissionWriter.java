package mesh.lockstep.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Grounds;
import mesh.lockstep.rollout.Verdict.Grounds.AlreadyExists;
import mesh.lockstep.rollout.Verdict.Grounds.Deferred;
import mesh.lockstep.rollout.Verdict.Grounds.Misread;
import mesh.lockstep.rollout.Verdict.Grounds.Uncompared;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Overridden;
import mesh.lockstep.rollout.Verdict.Refused;
import mesh.lockstep.rollout.Verdict.Weighed;

/// Writes the answer as an AdmissionReview of `admission.k8s.io/v1`
/// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response).
///
/// A refusal is 403 `Forbidden`. With 422, or 409 for a change, `kubectl apply --force` and Flux
/// would delete and re-create the object, and remove a live policy. Creating what exists is 409
/// `AlreadyExists`, as the API server itself would say; a client that creates or updates goes on
/// from there. What is deferred is 429 `TooManyRequests` with a time after which to try again,
/// which Go clients do by themselves up to ten times (`withRetry` of k8s.io/client-go,
/// `rest/with_retry.go`). It is a review that denies: as the HTTP status of our answer, the API
/// server would take it for an outage, and admit.
public final class AdmissionWriter {

    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int MAX_CAUSES = 32;

    /// Characters of one audit annotation: enough for the names of 30 members.
    private static final int MAX_ANNOTATION = 1000;

    private final Wording wording;
    private final Warnings warnings;

    public AdmissionWriter(Wording wording) {
        this.wording = wording;
        this.warnings = new Warnings(wording);
    }

    /// The whole answer, as JSON.
    public byte[] write(AdmissionRequest request, Judgement judgement) {
        var allowed = !(judgement.verdict() instanceof Refused);
        return review(
                request.uid(),
                allowed,
                response ->
                        request.requested()
                                .ifPresent(
                                        change -> explain(change.change(), judgement, response)));
    }

    /// The answer to a review that is admitted without being judged.
    ///
    /// @param warning for people, where there is anything to say
    byte[] writeUnjudged(String uid, Optional<String> warning) {
        return review(
                uid,
                true,
                response -> warning.ifPresent(text -> response.putArray("warnings").add(text)));
    }

    /// The answer to a review that is put off, as one about which no peer could be asked.
    byte[] writePutOff(String uid, PolicyKey key) {
        return review(
                uid,
                false,
                response -> {
                    var status = response.putObject("status");
                    status.put("status", "Failure");
                    status.put("code", Code.LATER.number());
                    status.put("reason", Code.LATER.reason());
                    status.put("message", wording.putOff(key));
                    details(key, status).put("retryAfterSeconds", RETRY_AFTER_SECONDS);
                });
    }

    private static byte[] review(String uid, boolean allowed, Consumer<ObjectNode> more) {
        var review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", AdmissionReader.API_VERSION);
        review.put("kind", "AdmissionReview");
        var response = review.putObject("response");
        response.put("uid", uid);
        response.put("allowed", allowed);
        more.accept(response);
        try {
            return StrictJson.write(review);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode details(PolicyKey key, ObjectNode status) {
        return status.putObject("details")
                .put("group", key.kind().group())
                .put("kind", key.kind().kindName())
                .put("name", key.name());
    }

    private void explain(Change change, Judgement judgement, ObjectNode response) {
        if (judgement.verdict() instanceof Refused refused) {
            status(change, refused, response.putObject("status"));
        }
        var lines = warnings.of(change.key(), judgement);
        if (!lines.isEmpty()) {
            lines.forEach(response.putArray("warnings")::add);
        }
        annotations(change, judgement.verdict(), response.putObject("auditAnnotations"));
    }

    private void status(Change change, Refused refused, ObjectNode status) {
        status.put("status", "Failure");
        var code = Code.of(refused.grounds());
        status.put("code", code.number());
        status.put("reason", code.reason());
        status.put("message", wording.refusal(change, refused));
        var details = details(change.key(), status);
        if (refused.grounds() instanceof Deferred) {
            details.put("retryAfterSeconds", RETRY_AFTER_SECONDS);
        }
        if (refused.grounds() instanceof Witness witness) {
            var causes = details.putArray("causes");
            var places = witness.differences().places();
            Stream.concat(places.stream(), witness.beside().stream())
                    .limit(MAX_CAUSES)
                    .forEach(
                            difference ->
                                    cause(difference, wording.cause(witness, difference), causes));
            if (places.isEmpty() && !witness.differences().complete()) {
                cause("spec", wording.cause(witness), causes);
            }
        }
    }

    private record Code(int number, String reason) {

        static final Code LATER = new Code(429, "TooManyRequests");

        static Code of(Grounds grounds) {
            return switch (grounds) {
                case Witness _, Uncompared _, Misread _ -> new Code(403, "Forbidden");
                case AlreadyExists _ -> new Code(409, "AlreadyExists");
                case Deferred _ -> LATER;
            };
        }
    }

    private static void cause(Difference difference, String message, ArrayNode causes) {
        var path = DifferenceTable.path(difference);
        cause(path.matches("(spec|metadata).*") ? path : "spec." + path, message, causes);
    }

    private static void cause(String field, String message, ArrayNode causes) {
        var cause = causes.addObject();
        cause.put("reason", "FieldValueInvalid");
        cause.put("field", field);
        cause.put("message", message);
    }

    /// Short and stable: what an auditor counts. The API server puts the webhook's name before
    /// each.
    private static void annotations(Change change, Verdict verdict, ObjectNode annotations) {
        annotations.put("decision", DecisionLog.decision(verdict));
        change.outcome()
                .ifPresent(
                        after -> annotations.put("digest", after.meaning().digest().abbreviated()));
        if (verdict instanceof Overridden(_, _, var by)) {
            annotations.put("overridden-by", Clean.line(by, MAX_ANNOTATION));
        }
        DecisionLog.witness(verdict)
                .ifPresent(text -> annotations.put("witness", Clean.line(text, MAX_ANNOTATION)));
        if (!verdict.findings().isEmpty()) {
            annotations.put("findings", Clean.line(DecisionLog.findings(verdict), MAX_ANNOTATION));
            annotations.put("peers", Clean.line(peers(verdict), MAX_ANNOTATION));
        }
    }

    private static String peers(Verdict verdict) {
        return verdict.findings().stream()
                .map(Weighed::finding)
                .map(finding -> finding.peer().value())
                .distinct()
                .collect(Collectors.joining(","));
    }
}
