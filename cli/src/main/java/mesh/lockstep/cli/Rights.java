package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;

/// Whether a user may do what connecting takes, before anything is done.
final class Rights {

    private static final String REVIEWS = "apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final String RBAC = "rbac.authorization.k8s.io";

    /// Applying takes both verbs where the object is not there yet.
    private static final List<String> APPLY = List.of("patch", "create");

    private static final List<Needed> ALL =
            List.of(
                    new Needed("", "namespaces", "", "", "", APPLY),
                    new Needed("", "serviceaccounts", "", "", "lockstep", APPLY),
                    new Needed("", "serviceaccounts", "token", "", "lockstep", List.of("create")),
                    new Needed(
                            "",
                            "secrets",
                            "",
                            "",
                            "lockstep",
                            List.of("patch", "create", "delete")),
                    new Needed(RBAC, "clusterroles", "", "", "", APPLY),
                    new Needed(RBAC, "clusterrolebindings", "", "", "", APPLY),
                    new Needed(RBAC, "roles", "", "", "kube-system", APPLY),
                    new Needed(RBAC, "rolebindings", "", "", "kube-system", APPLY));

    private static final List<Needed> RENEWAL =
            List.of(
                    new Needed(
                            "",
                            "serviceaccounts",
                            "token",
                            Account.NAME,
                            "lockstep",
                            List.of("create")),
                    new Needed(
                            "",
                            "secrets",
                            "",
                            Introductions.SECRET,
                            "lockstep",
                            List.of("get", "patch")));

    /// @param name empty for all
    /// @param namespace empty for the whole cluster
    private record Needed(
            String group,
            String resource,
            String sub,
            String name,
            String namespace,
            List<String> verbs) {

        JsonNode review(String verb) {
            var review = JsonNodeFactory.instance.objectNode();
            review.put("apiVersion", "authorization.k8s.io/v1");
            review.put("kind", "SelfSubjectAccessReview");
            review.putObject("spec")
                    .putObject("resourceAttributes")
                    .put("group", group)
                    .put("resource", resource)
                    .put("subresource", sub)
                    .put("name", name)
                    .put("namespace", namespace)
                    .put("verb", verb);
            return review;
        }

        String text(String verb) {
            return "not allowed to %s %s%s"
                    .formatted(verb, resource, sub.isEmpty() ? "" : "/" + sub);
        }
    }

    private Rights() {}

    /// @throws Unusable with the first that is missing, for people
    static void require(ApiServer api) throws Unusable, InterruptedException {
        require(ALL, api);
    }

    /// What renewing takes: the Secrets to which tokens are bound need not be read.
    static final class OfRenewal implements Gathering.Condition {

        @Override
        public void require(ApiServer api) throws Unusable, InterruptedException {
            Rights.require(RENEWAL, api);
        }

        @Override
        public Map<String, String> markers(ApiServer api) {
            return Map.of();
        }
    }

    private static void require(List<Needed> all, ApiServer api)
            throws Unusable, InterruptedException {
        for (var needed : all) {
            for (var verb : needed.verbs()) {
                var answer = api.create(REVIEWS, needed.review(verb)).answer();
                if (!isAllowed(answer)) {
                    throw new Unusable(
                            answer instanceof Given
                                    ? needed.text(verb)
                                    : Cause.of(answer, "create", "selfsubjectaccessreviews"));
                }
            }
        }
    }

    private static boolean isAllowed(Answer answer) {
        return answer instanceof Given(var review, _) && review.at("/status/allowed").asBoolean();
    }
}
