package mesh.lockstep.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.News;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.History;
import org.jboss.logging.Logger;

/// Where chapters are kept: ConfigMaps in the namespace of this installation, which its manifests
/// bring. Replicas write the same ones: each adds what it has seen to what is there.
///
/// For one thread.
final class HistoryConfigMaps {

    private static final Logger LOG = Logger.getLogger(HistoryConfigMaps.class);

    private static final String NAME = "lockstep-history-";
    private static final String KEY = "chapter";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final OwnApi api;
    private final String namespace;
    private final Fingerprint reading;
    private final News<Integer> problems = new News<>();

    /// @param reading by which the versions are read
    HistoryConfigMaps(OwnApi api, String namespace, Fingerprint reading) {
        this.api = api;
        this.namespace = namespace;
        this.reading = reading;
    }

    /// What is kept of one chapter.
    ///
    /// @param histories none where nothing is kept, or nothing that can be used
    /// @param resourceVersion of the ConfigMap; empty if it is not there
    record Stored(Map<Fingerprint, History> histories, String resourceVersion) {}

    /// Empty if the API server does not say now.
    Optional<Stored> read(int number) throws InterruptedException {
        var reply = api.get(path(number));
        if (!reply.succeeded()) {
            report(number, reply.code(), reply.problem());
            return reply.code() == NOT_FOUND
                    ? Optional.of(new Stored(Map.of(), ""))
                    : Optional.empty();
        }
        return Optional.of(
                new Stored(
                        content(reply.body())
                                .flatMap(each -> Chapter.read(each, reading))
                                .orElse(Map.of()),
                        reply.body().path("metadata").path("resourceVersion").asText()));
    }

    private static Optional<byte[]> content(JsonNode configMap) {
        try {
            return Optional.of(configMap.path("binaryData").path(KEY).asText())
                    .filter(text -> !text.isEmpty())
                    .map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Keeps a chapter in the place of what was read.
    ///
    /// @return whether it is kept; not if somebody else was quicker
    boolean write(int number, Stored before, Map<Fingerprint, History> now)
            throws InterruptedException {
        if (before.resourceVersion().isEmpty()) {
            return false;
        }
        var patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", before.resourceVersion());
        patch.putObject("binaryData")
                .put(KEY, Base64.getEncoder().encodeToString(Chapter.write(reading, now)));
        var reply = api.patch(path(number), patch);
        if (!reply.succeeded() && reply.code() != CONFLICT) {
            report(number, reply.code(), reply.problem());
        }
        if (reply.succeeded()) {
            problems.forget(number);
        }
        return reply.succeeded();
    }

    private String path(int number) {
        return "/api/v1/namespaces/"
                + PolicyKey.encoded(namespace)
                + "/configmaps/"
                + NAME
                + number;
    }

    private void report(int number, int code, String problem) {
        if (problems.isNew(number, problem)) {
            LOG.warnf(
                    "Rollout history cannot be saved in ConfigMap %s/%s%d: %s. Will retry. Until then it is lost"
                            + " when this process ends, and changes that skip a version may be refused after a restart%s",
                    namespace,
                    NAME,
                    number,
                    problem,
                    code == NOT_FOUND
                            ? ". It comes with the manifests: k8s/base/35-history.yaml"
                            : "");
        }
    }
}
