package mesh.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What Helm renders of the chart is what kustomize renders of `k8s/`.
class ChartIT {

    private static final List<String> TEST =
            List.of(
                    "CiliumClusterwideNetworkPolicy/lockstep-test",
                    "ValidatingWebhookConfiguration/lockstep-test");

    @TempDir static Path folder;

    private static Checkout checkout;

    @BeforeAll
    static void prepare() {
        checkout = Checkout.in(folder, Mesh.bare());
        checkout.succeed("certs/make-certs.sh");
    }

    @Test
    void isWellFormed() {
        assertThat(checkout.succeed("helm lint --strict charts/lockstep"))
                .contains("1 chart(s) linted, 0 chart(s) failed");
    }

    @Test
    void isByDefaultTheQuickStart() {
        var rendered = template("--set certificates.from=secret");

        assertThat(rendered.keySet()).containsAll(TEST);
        assertSame(rendered, objects(checkout.succeed("kubectl kustomize k8s")));
    }

    static List<String> components() throws IOException {
        try (var folders = Files.list(Path.of("k8s/components"))) {
            return folders.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("components")
    void isTheBaseWithAComponent(String component) {
        assertSame(template(values(component)), kustomize(component));
    }

    @Test
    void isTheBaseWithAllComponents() throws IOException {
        var components = new ArrayList<>(components());
        components.remove("cert-manager");
        // Which has to be the last in kustomize's list.
        components.remove("own-certificates");
        components.add("own-certificates");
        var values = String.join(" ", components.stream().map(ChartIT::values).toList());

        assertSame(template(values), kustomize(components.toArray(String[]::new)));
    }

    /// A cluster's own overlay, said in values.
    @Test
    void isTheExample() {
        var components = List.of("monitoring", "network-policy", "own-reports", "override");
        var values = String.join(" ", components.stream().map(it -> on(it)).toList());

        assertSame(
                template(
                        values
                                + " --set certificates.from=cert-manager --set level=warn"
                                + " --set image.repository=registry.example.com/platform/lockstep"),
                objects(checkout.succeed("kubectl kustomize k8s/overlays/example-cluster1")));
    }

    @Test
    void valuesReachThePods() {
        var digest = "sha256:" + "0123456789abcdef".repeat(4);
        checkout.write(
                "values.yaml",
                List.of(
                        "image: {repository: registry.example.com/lockstep, digest: '%s'}"
                                .formatted(digest),
                        "level: strict",
                        "unknown: deny",
                        "disclose: paths",
                        "clusterName: cluster1",
                        "settings: {lockstep.drift.rollout-window: 1h}",
                        "replicas: 3",
                        "resources: {requests: {memory: 320Mi}}",
                        "peersSecret: theirs",
                        "certificates: {from: secret, secret: mine}",
                        "pod: {nodeSelector: {disk: fast}, imagePullSecrets: [{name: registry}]}",
                        "renewal: {image: {repository: registry.example.com/cli, tag: 2.0.0}}"));

        var rendered = template("--values values.yaml " + on("renewal"));
        var deployment = object(rendered, "Deployment/lockstep/lockstep");
        var pod = deployment.at("/spec/template/spec");
        var container = pod.at("/containers/0");

        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(container.path("image").asText())
                .isEqualTo("registry.example.com/lockstep@" + digest);
        assertThat(container.path("env"))
                .extracting(it -> it.path("name").asText() + "=" + it.path("value").asText())
                .containsExactlyInAnyOrder(
                        "LOCKSTEP_ENFORCEMENT_LEVEL=strict",
                        "LOCKSTEP_ENFORCEMENT_UNKNOWN=deny",
                        "LOCKSTEP_DISCLOSE=paths",
                        "LOCKSTEP_CLUSTER_NAME=cluster1",
                        "LOCKSTEP_DRIFT_ROLLOUT_WINDOW=1h");
        assertThat(container.path("resources").toString())
                .isEqualTo(
                        "{\"limits\":{\"memory\":\"512Mi\"},\"requests\":{\"cpu\":\"100m\",\"memory\":\"320Mi\"}}");
        assertThat(pod.at("/nodeSelector/disk").asText()).isEqualTo("fast");
        assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
        assertThat(pod.at("/volumes").findValuesAsText("secretName"))
                .containsExactlyInAnyOrder("theirs", "mine");

        var job =
                object(rendered, "CronJob/lockstep/lockstep-renewal")
                        .at("/spec/jobTemplate/spec/template/spec");
        assertThat(job.at("/containers/0/image").asText())
                .isEqualTo("registry.example.com/cli:2.0.0");
        assertThat(job.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
    }

    @ParameterizedTest
    @CsvSource({
        "level=loud, /level",
        "components.fail-opened=true, fail-opened",
        "image.digest=sha256:12, /image/digest",
        "renewal.image.repository=, /renewal/image/repository",
        "certificates.from=heaven, /certificates/from",
        "settings.lockstep\\.namespace=mine, lockstep.namespace",
        "replica=3, replica",
    })
    void whatCannotBeRightIsRefused(String value, String named) {
        var output =
                checkout.run(
                        "helm template lockstep charts/lockstep -n lockstep --set '%s'"
                                .formatted(value));

        assertThat(output.exitCode()).isNotZero();
        assertThat(output.text()).contains(named);
    }

    @Test
    void noOtherNamespaceIsTaken() {
        var output = checkout.run("helm template lockstep charts/lockstep --namespace elsewhere");

        assertThat(output.exitCode()).isNotZero();
        assertThat(output.text()).contains("say --namespace lockstep");
    }

    /// By openssl, as an API server looks at it.
    @Test
    void makesACertificateThatIsTrusted() throws IOException {
        var rendered = template(on("fail-closed"));
        var data = object(rendered, "Secret/lockstep/lockstep-tls").path("data");
        for (var name : List.of("ca.crt", "tls.crt", "tls.key")) {
            Files.write(folder.resolve(name), Base64.getDecoder().decode(data.path(name).asText()));
        }

        assertThat(
                        checkout.succeed(
                                "openssl verify -CAfile ca.crt -purpose sslserver -verify_hostname lockstep.lockstep.svc tls.crt"))
                .contains("tls.crt: OK");
        assertThat(checkout.succeed("openssl pkey -in tls.key -pubout"))
                .isEqualTo(checkout.succeed("openssl x509 -in tls.crt -noout -pubkey"));
        assertThat(Files.readString(folder.resolve("tls.key"), UTF_8))
                .startsWith("-----BEGIN PRIVATE KEY-----\n");
        for (var name : List.of("lockstep", "lockstep-test")) {
            assertThat(object(rendered, "ValidatingWebhookConfiguration/" + name).path("webhooks"))
                    .hasSize(name.equals("lockstep") ? 3 : 1)
                    .allMatch(it -> it.at("/clientConfig/caBundle").equals(data.path("ca.crt")));
        }
    }

    private static String values(String component) {
        return switch (component) {
            case "cert-manager" -> "--set certificates.from=cert-manager";
            case "own-certificates" ->
                    "--set certificates.from=secret --set-file certificates.authority=certs/out/ca.crt";
            default -> "--set certificates.from=secret " + on(component);
        };
    }

    private static String on(String component) {
        return "--set components." + component + "=true";
    }

    private static Map<String, JsonNode> template(String values) {
        return objects(
                checkout.succeed("helm template lockstep charts/lockstep -n lockstep " + values));
    }

    private static Map<String, JsonNode> kustomize(String... components) {
        var overlay = "k8s/overlays/" + String.join("-", components);
        var lines =
                new ArrayList<>(
                        List.of(
                                "apiVersion: kustomize.config.k8s.io/v1beta1",
                                "kind: Kustomization",
                                "resources: [../../base]",
                                "images:",
                                "- {name: lockstep, newTag: 1.0.0}",
                                "- {name: kubectl-lockstep, newTag: 1.0.0}",
                                "components:"));
        for (var component : components) {
            lines.add("- ../../components/" + component);
        }
        checkout.write(overlay + "/kustomization.yaml", lines);
        return objects(checkout.succeed("kubectl kustomize " + overlay));
    }

    private static JsonNode object(Map<String, JsonNode> objects, String name) {
        return objects.getOrDefault(name, MissingNode.getInstance());
    }

    /// Apart from what either has for itself: a Secret that somebody else keeps and the namespace,
    /// and what `helm test` needs.
    private static void assertSame(Map<String, JsonNode> rendered, Map<String, JsonNode> expected) {
        rendered.keySet().removeAll(TEST);
        expected.keySet().removeAll(List.of("Namespace/lockstep", "Secret/lockstep/lockstep-tls"));
        assertThat(rendered.keySet()).hasSizeGreaterThan(15).isEqualTo(expected.keySet());
        expected.forEach(
                (name, object) -> assertThat(rendered.get(name)).as(name).isEqualTo(object));
    }

    /// By kind, namespace and name.
    private static Map<String, JsonNode> objects(String manifests) {
        var objects = new TreeMap<String, JsonNode>();
        // Octal: kustomize leaves it as it is written.
        for (var object :
                Yaml.readAll(manifests.replace("defaultMode: 0440", "defaultMode: 288"))) {
            // Of a Secret in kustomize, in lines.
            for (var bundle : object.findParents("caBundle")) {
                var lines = bundle.path("caBundle").asText();
                ((ObjectNode) bundle).put("caBundle", lines.replace("\n", ""));
            }
            var metadata = object.path("metadata");
            var namespace =
                    metadata.has("namespace") ? metadata.path("namespace").asText() + "/" : "";
            var name =
                    object.path("kind").asText() + "/" + namespace + metadata.path("name").asText();
            assertThat(objects.put(name, sorted(object))).as(name).isNull();
        }
        return objects;
    }

    /// Where lists are of things with names, their order means nothing.
    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(it -> object.set(it, sorted(object.get(it))));
        } else if (node instanceof ArrayNode list) {
            var items = new ArrayList<JsonNode>();
            list.forEach(it -> items.add(sorted(it)));
            if (items.stream().allMatch(it -> it.has("name"))) {
                items.sort(Comparator.comparing(it -> it.path("name").asText()));
            }
            return list.removeAll().addAll(items);
        }
        return node;
    }
}
