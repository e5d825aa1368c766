package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;

/// What a cluster grants the others: the account of `k8s/peer`.
final class Account {

    static final String NAME = "lockstep-peer";
    static final String PATH = "api/v1/namespaces/lockstep/serviceaccounts/" + NAME;

    private static final String RBAC = "apis/rbac.authorization.k8s.io/v1/";
    private static final String IN_KUBE_SYSTEM = RBAC + "namespaces/kube-system/";
    private static final String MANAGER = "lockstep-connect";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> FILES =
            List.of("10-namespace.yaml", "20-serviceaccount.yaml", "30-rbac.yaml");

    private Account() {}

    /// Everything of it, in the order in which it is applied.
    static List<JsonNode> manifests() {
        var manifests = new ArrayList<JsonNode>();
        for (var file : FILES) {
            try (var stream =
                            Objects.requireNonNull(
                                    Account.class.getResourceAsStream("/peer/" + file));
                    var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
                manifests.addAll(documents.readAll());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return manifests;
    }

    /// Makes it, or brings it up to date.
    ///
    /// @return why that could not be done, for people; empty if it was
    static String open(ApiServer api) throws InterruptedException {
        for (var manifest : manifests()) {
            var answer = api.apply(path(manifest), MANAGER, manifest);
            if (!(answer instanceof Given)) {
                return Cause.of(answer, "apply", resource(manifest));
            }
        }
        return "";
    }

    /// Takes it away, and leaves the namespace.
    ///
    /// @return why that could not be done, for people; empty if it was
    static String close(ApiServer api) throws InterruptedException {
        for (var manifest : manifests().reversed()) {
            if (!resource(manifest).equals("namespaces")) {
                var answer = api.delete(path(manifest));
                var problem = Partner.problem(answer, "delete", resource(manifest));
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private static String path(JsonNode manifest) {
        var folder =
                switch (manifest.path("kind").asText()) {
                    case "Namespace" -> "api/v1/";
                    case "ServiceAccount" -> "api/v1/namespaces/lockstep/";
                    case "Role", "RoleBinding" -> IN_KUBE_SYSTEM;
                    default -> RBAC;
                };
        return folder + resource(manifest) + "/" + manifest.at("/metadata/name").asText();
    }

    private static String resource(JsonNode manifest) {
        return manifest.path("kind").asText().toLowerCase(Locale.ROOT) + "s";
    }
}
