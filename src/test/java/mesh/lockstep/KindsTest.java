package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A kind that is compared has to be named in more places than the compiler sees.
class KindsTest {

    private static final Set<String> KINDS =
            Arrays.stream(Kind.values()).map(Kind::resource).collect(Collectors.toSet());

    /// Whatever such a list allows or asks about applies to all kinds alike.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "k8s/base/30-rbac.yaml",
                "k8s/peer/30-rbac.yaml",
                "k8s/base/80-validatingwebhookconfiguration.yaml",
                "k8s/components/fail-closed/validatingwebhookconfiguration.yaml",
                "k8s/components/override/75-rbac.yaml",
                "k8s/examples/exemptions.yaml"
            })
    void everyListOfPoliciesInAManifestNamesAllKinds(String manifest) {
        var lists =
                Yaml.readAll(Path.of(manifest)).stream()
                        .flatMap(KindsTest::lists)
                        .map(KindsTest::resources)
                        .filter(it -> it.stream().anyMatch(KINDS::contains))
                        .toList();

        assertThat(lists).isNotEmpty().allSatisfy(it -> assertThat(it).containsAll(KINDS));
    }

    @Test
    void theWebhookIsAskedInTheVersionThatIsRead() {
        var webhooks =
                Yaml.read(Path.of("k8s/base/80-validatingwebhookconfiguration.yaml"))
                        .path("webhooks");

        assertThat(
                        webhooks.valueStream()
                                .flatMap(it -> it.path("rules").valueStream())
                                .flatMap(it -> pairs(it, "apiGroups", "apiVersions", "/")))
                .containsAll(Arrays.stream(Kind.values()).map(Kind::apiVersion).toList());
    }

    @Test
    void theInstallationIsCheckedForAllKinds() throws IOException {
        assertThat(Files.readString(Path.of("k8s/verify.sh"))).contains(KINDS);
    }

    @Test
    void noTwoKindsAreCalledTheSame() {
        assertThat(Kind.values()).extracting(Kind::kindName).doesNotHaveDuplicates();
    }

    /// The lists of rules in a document, wherever they are.
    private static Stream<JsonNode> lists(JsonNode node) {
        var isList = node.isArray() && node.path(0).has("apiGroups");
        return isList ? Stream.of(node) : node.valueStream().flatMap(KindsTest::lists);
    }

    private static Set<String> resources(JsonNode rules) {
        return rules.valueStream()
                .flatMap(rule -> pairs(rule, "resources", "apiGroups", "."))
                .collect(Collectors.toSet());
    }

    /// Each of the one list with each of the other.
    private static Stream<String> pairs(
            JsonNode rule, String first, String second, String between) {
        return words(rule.path(first))
                .flatMap(one -> words(rule.path(second)).map(other -> one + between + other));
    }

    private static Stream<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::asText);
    }
}
