package mesh.lockstep.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.Optional;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;

/// Two policies of one file, divided by `---`; before them, a document of `options` if they need
/// any:
///
/// ```yaml
/// options:
///   clusterwide: true                    # of that kind; otherwise namespaced, in `default`
///   relative: [cluster1, cluster2]       # the names that read "here", one for each
///   defaultLocalCluster: [true, false]   # `policy-default-local-cluster`, one for each
/// ```
public record PolicyPair(Policy one, Policy other) {

    public static final PolicyKey CLUSTERWIDE =
            new PolicyKey(PolicyKey.Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, "", "allow-api");

    public static PolicyPair of(Path file) {
        var documents = Yaml.readAll(file);
        var hasOptions = documents.getFirst().has("options");
        var options = hasOptions ? documents.getFirst().path("options") : MissingNode.getInstance();
        var first = hasOptions ? 1 : 0;
        if (documents.size() != first + 2) {
            throw new IllegalArgumentException(file + " has " + documents.size() + " documents");
        }
        return new PolicyPair(
                read(documents.get(first), options, 0), read(documents.get(first + 1), options, 1));
    }

    private static Policy read(JsonNode object, JsonNode options, int side) {
        var settings = new Settings(options.path("defaultLocalCluster").path(side).asBoolean(true));
        var here = Optional.ofNullable(options.path("relative").path(side).textValue());
        var key = options.path("clusterwide").asBoolean() ? CLUSTERWIDE : Policies.KEY;
        return Policies.read(new PolicyReader(settings), key, object, here);
    }
}
