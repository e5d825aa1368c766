package mesh.lockstep.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.TooLargeException;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.RequestedChange;

/// Reads an AdmissionReview of `admission.k8s.io/v1`
/// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request).
public final class AdmissionReader {

    static final String API_VERSION = "admission.k8s.io/v1";

    private static final Keep REQUEST =
            Keep.only("uid", "operation", "dryRun", "subResource", "namespace", "name")
                    .and("resource", Keep.only("group", "resource"))
                    .and("userInfo", Keep.only("username", "groups"))
                    .and("object", Keep.POLICY)
                    .and("oldObject", Keep.POLICY);

    private static final Keep REVIEW = Keep.only("apiVersion", "kind").and("request", REQUEST);

    /// What says whose request it is and about what, not what the policy is.
    private static final Keep HEAD =
            Keep.only("apiVersion", "kind")
                    .and(
                            "request",
                            Keep.only("uid", "operation", "subResource", "namespace", "name")
                                    .and("resource", Keep.only("group", "resource"))
                                    .and("userInfo", Keep.only("groups"))
                                    .and("object", Keep.only().and("metadata", Keep.only("name"))));

    private final Supplier<PolicyReader> policies;

    /// A reader of what this cluster's API server sends.
    ///
    /// @param policies reads what this cluster holds, with what is known of the cluster by then
    public AdmissionReader(Supplier<PolicyReader> policies) {
        this.policies = policies;
    }

    /// Reads the body of one request.
    ///
    /// @throws UnreadableReviewException with what is wrong and where, never with a piece of the
    ///   body
    public AdmissionRequest read(byte[] body) throws UnreadableReviewException {
        var request = request(body, REVIEW);
        return new AdmissionRequest(
                text(request, "uid"),
                text(request, "operation"),
                request.path("dryRun").asBoolean(),
                change(request).map(change -> requested(change, request.path("userInfo"))));
    }

    /// What a request is about. The policy is passed over: no tree is made of it.
    ///
    /// @param key empty where the request does not concern us, or may not be refused
    /// @param groups of the user
    record Head(String uid, Optional<PolicyKey> key, Set<String> groups) {}

    /// Reads of the body of one request only what it is about, at no more cost of memory than the
    /// user's groups.
    ///
    /// @throws UnreadableReviewException as the other
    Head head(byte[] body) throws UnreadableReviewException {
        var request = request(body, HEAD);
        var kind = kind(request);
        return new Head(
                text(request, "uid"),
                kind.isPresent() && isWrite(request)
                        ? Optional.of(key(kind.get(), request, request.path("object")))
                        : Optional.empty(),
                groups(request.path("userInfo")));
    }

    private static boolean isWrite(JsonNode request) {
        return Set.of("CREATE", "UPDATE").contains(request.path("operation").asText());
    }

    private static JsonNode request(byte[] body, Keep keep) throws UnreadableReviewException {
        var review = parse(body, keep);
        var version = review.path("apiVersion").asText();
        if (!version.equals(API_VERSION)
                || !review.path("kind").asText().equals("AdmissionReview")) {
            throw new UnreadableReviewException(
                    "this webhook reads kind AdmissionReview of " + API_VERSION + " only");
        }
        return object(review, "request");
    }

    private static RequestedChange requested(Change change, JsonNode userInfo) {
        return new RequestedChange(change, userInfo.path("username").asText(), groups(userInfo));
    }

    private static Set<String> groups(JsonNode userInfo) {
        var groups = new HashSet<String>();
        userInfo.path("groups").forEach(group -> groups.add(group.asText()));
        return groups;
    }

    private static JsonNode parse(byte[] body, Keep keep) throws UnreadableReviewException {
        if (body.length == 0) {
            throw new UnreadableReviewException("the request has no body");
        }
        try {
            return StrictJson.read(body, keep);
        } catch (TooLargeException e) {
            throw new UnreadableReviewException("the review has " + e.reason());
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var where =
                    at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new UnreadableReviewException(
                    "the body is not valid JSON (UTF-8, at most "
                            + StrictJson.MAX_DEPTH
                            + " levels deep, no duplicate keys)"
                            + where);
        } catch (IOException e) {
            throw new UnreadableReviewException("the body is not JSON in UTF-8");
        }
    }

    private Optional<Change> change(JsonNode request) throws UnreadableReviewException {
        var kind = kind(request);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return switch (text(request, "operation")) {
            case "CREATE", "UPDATE" -> write(kind.get(), request);
            case "DELETE" -> {
                var before = policy(kind.get(), request, object(request, "oldObject"));
                yield Optional.of(new Change.Deleted(before));
            }
            default -> Optional.empty();
        };
    }

    private Optional<Change> write(PolicyKey.Kind kind, JsonNode request)
            throws UnreadableReviewException {
        var object = object(request, "object");
        var after = policy(kind, request, object);
        if (text(request, "operation").equals("CREATE")) {
            return Optional.of(new Change.Created(after));
        }
        var old = object(request, "oldObject");
        var before = policies.get().read(key(kind, request, old), old, after);
        var update = new Change.Updated(before, after);
        // It waits for its finalizers, and Cilium enforces what it says until the last one is done.
        var isGoing = object.path("metadata").hasNonNull("deletionTimestamp");
        return isGoing && update.keepsMeaning() ? Optional.empty() : Optional.of(update);
    }

    private static Optional<PolicyKey.Kind> kind(JsonNode request) {
        var resource = request.path("resource");
        var subresource = request.path("subResource").asText();
        return subresource.isEmpty()
                ? PolicyKey.Kind.ofResource(
                        resource.path("group").asText(), resource.path("resource").asText())
                : Optional.empty();
    }

    private Policy policy(PolicyKey.Kind kind, JsonNode request, JsonNode object)
            throws UnreadableReviewException {
        return policies.get().read(key(kind, request, object), object);
    }

    private static PolicyKey key(PolicyKey.Kind kind, JsonNode request, JsonNode object)
            throws UnreadableReviewException {
        // With generateName the object has its name already, the request has none.
        var named = object.path("metadata").hasNonNull("name") ? object.path("metadata") : request;
        var name = text(named, "name");
        var namespace = kind.namespaced() ? text(request, "namespace") : "";
        if (name.length() > PolicyKey.LONGEST_NAME
                || namespace.length() > PolicyKey.LONGEST_NAMESPACE) {
            throw new UnreadableReviewException("the review has a name that is too long");
        }
        return new PolicyKey(kind, namespace, name);
    }

    private static JsonNode object(JsonNode parent, String field) throws UnreadableReviewException {
        var node = parent.path(field);
        if (!node.isObject()) {
            throw new UnreadableReviewException("the review has no object in its field " + field);
        }
        return node;
    }

    private static String text(JsonNode parent, String field) throws UnreadableReviewException {
        var node = parent.path(field);
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw new UnreadableReviewException("the review has no string in its field " + field);
        }
        return node.textValue();
    }
}
