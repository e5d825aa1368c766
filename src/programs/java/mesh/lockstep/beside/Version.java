package mesh.lockstep.beside;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mesh.lockstep.support.Yaml;

/// Versions of the policies that are changed, which differ in three places.
enum Version {
    /// What is stored in the cluster at hand.
    HERE("8080"),
    /// What the peers have: a change to it is admitted.
    PEERS("8081"),
    /// What nobody has: a change to it is refused.
    THIRD("8082");

    private static final String TEXT = text();

    private final String port;

    Version(String port) {
        this.port = port;
    }

    JsonNode policy(String namespace, int number) {
        return Yaml.read(
                TEXT.replace("NAMESPACE", namespace)
                        .replace("NAME", name(number))
                        .replace("PORT", port));
    }

    static String name(int number) {
        return "policy-" + number;
    }

    /// Of the policy at the API server.
    static String path(String namespace, int number) {
        return "/apis/cilium.io/v2/namespaces/%s/ciliumnetworkpolicies/%s"
                .formatted(namespace, name(number));
    }

    private static String text() {
        try {
            return Files.readString(Path.of("src/programs/beside/policy.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
