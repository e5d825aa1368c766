package mesh.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.StrictJson;

/// Reads policies from files.
///
/// @param namespace of policies that name none
/// @param recursive whether folders in folders are read
record Manifests(String namespace, boolean recursive) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Everything else in them is passed over.
    ///
    /// @throws Unusable with what cannot be read, and why
    List<Manifest> read(List<String> sources) throws Unusable {
        return manifests(documents(sources));
    }

    /// Files in which nothing else may be, and nothing twice.
    ///
    /// @throws Unusable also with what else there is
    List<Manifest> readOnlyPolicies(List<String> sources) throws Unusable {
        var documents = documents(sources);
        var others =
                documents.stream()
                        .filter(document -> document.kind().isEmpty())
                        .map(Document::title)
                        .toList();
        if (!others.isEmpty()) {
            throw new Unusable(
                    "only Cilium network policies are applied: " + Names.first(others, "; "));
        }
        var keys = new HashSet<PolicyKey>();
        var manifests = manifests(documents);
        for (var manifest : manifests) {
            if (!keys.add(manifest.key())) {
                throw manifest.second();
            }
        }
        return manifests;
    }

    /// @throws Unusable if there is none
    static List<Manifest> some(List<Manifest> manifests) throws Unusable {
        if (manifests.isEmpty()) {
            throw new Unusable("there is no Cilium network policy in the files");
        }
        return manifests;
    }

    private List<Document> documents(List<String> sources) throws Unusable {
        return new Documents(recursive).read(sources);
    }

    private List<Manifest> manifests(List<Document> documents) throws Unusable {
        var manifests = new ArrayList<Manifest>();
        for (var document : documents) {
            var kind = document.kind();
            if (kind.isPresent()) {
                manifests.add(manifest(document, kind.get()));
            }
        }
        return manifests;
    }

    private Manifest manifest(Document document, Kind kind) throws Unusable {
        var json = document.json();
        var key = key(document.source(), kind, json);
        return new Manifest(document.source(), document.spot(), key, json, strict(json));
    }

    private PolicyKey key(String source, Kind kind, JsonNode document) throws Unusable {
        var metadata = document.path("metadata");
        var named = metadata.path("namespace").asText();
        var found = kind.namespaced() ? (named.isEmpty() ? namespace : named) : "";
        return PolicyKey.of(kind.kindName(), found, metadata.path("name").asText())
                .orElseThrow(
                        () ->
                                new Unusable(
                                        source + " has a " + kind.kindName() + " without a name"));
    }

    /// As an API server would pass it on.
    private static JsonNode strict(JsonNode document) throws Unusable {
        try {
            return StrictJson.read(MAPPER.writeValueAsBytes(document), Keep.POLICY);
        } catch (JsonProcessingException e) {
            throw new Unusable("a policy is not what an API server takes");
        } catch (IOException e) {
            throw new Unusable("a policy is larger than an API server takes");
        }
    }
}
