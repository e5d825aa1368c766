package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import mesh.lockstep.cli.Lines.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// What the tools of a pipeline read.
class ReportsTest {

    /// What XML, Markdown, HTML, a terminal or a line would take for its own.
    private static final String HOSTILE =
            "x]]><b>&amp;\"'|`*_[a](javascript:b)\u001b[2J\u009b\uffff\u0000\n# c\ud800 @me www.evil.example";

    @TempDir private Path folder;
    private StubMesh mesh;

    @BeforeEach
    void start() {
        mesh = new StubMesh(folder, 3);
        for (var cluster : mesh.clusters) {
            cluster.holds(
                    StubCluster.policy("agrees", "80"),
                    StubCluster.policy("differs", port(cluster)));
        }
        mesh.cluster(3).holds(StubCluster.policy("differs", "80"));
    }

    private String port(StubCluster cluster) {
        return cluster.equals(mesh.cluster(2)) ? "8080" : "80";
    }

    @AfterEach
    void end() {
        mesh.close();
    }

    @Test
    void eachPolicyIsATest() {
        mesh.cluster(1).close();

        var suite = suite(mesh.run("check", "-o", "junit"));

        assertThat(suite.getAttribute("name")).isEqualTo("kubectl lockstep check");
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("failures")).isEqualTo("2");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        var tests = children(suite, "testcase");
        assertThat(tests)
                .extracting(it -> it.getAttribute("name"))
                .containsExactly(
                        "CiliumNetworkPolicy default/differs",
                        "CiliumNetworkPolicy default/agrees",
                        "cluster1");
        var failure = children(tests.getFirst(), "failure").getFirst();
        assertThat(failure.getAttribute("type")).isEqualTo("Differs");
        assertThat(failure.getAttribute("message")).isEqualTo("Differs: A in 1; B in cluster3");
        assertThat(failure.getTextContent()).isEqualTo("  A: cluster2\n  B: cluster3");
        assertThat(children(tests.getLast(), "skipped").getFirst().getAttribute("message"))
                .startsWith("cluster1: not compared: ");
        assertThat(children(suite, "system-out").getFirst().getTextContent())
                .isEqualTo("2 policies, 2 of 3 clusters: 0 agree, 1 differ, 1 missing");
    }

    @Test
    void whatAgreesPassesAndWhatIsNotMeantToIsSkipped() {
        for (var cluster : mesh.clusters) {
            var local = StubCluster.policy("local", port(cluster));
            local.withObject("/metadata/annotations").put("lockstep.mesh/members", "local");
            cluster.holds(StubCluster.policy("agrees", "80"), local);
        }

        var ran = mesh.run("check", "-o", "junit");

        assertThat(ran.code()).isZero();
        var tests = children(suite(ran), "testcase");
        assertThat(tests.getFirst().getChildNodes().getLength()).isZero();
        assertThat(children(tests.getLast(), "skipped").getFirst().getAttribute("message"))
                .startsWith("Exempt");
    }

    @Test
    void whateverATenantWroteIsWellFormed() {
        for (var cluster : mesh.clusters) {
            cluster.holds(StubCluster.policy(HOSTILE, port(cluster)));
        }

        var tests = children(suite(mesh.run("check", "-o", "junit")), "testcase");

        var name = "x]]><b>&amp;\"'|`*_[a](javascript:b)\uFFFD[2J\uFFFD\uFFFD\uFFFD\uFFFD# c\uFFFD";
        assertThat(tests.getFirst().getAttribute("name"))
                .startsWith("CiliumNetworkPolicy default/" + name);
    }

    @Test
    void whateverATenantWroteIsTextOnAPage() {
        for (var cluster : mesh.clusters) {
            cluster.holds(StubCluster.policy(HOSTILE, port(cluster)));
        }

        var page = mesh.run("check", "-o", "markdown").out();

        var row = page.lines().filter(it -> it.startsWith("| Differs")).findFirst().orElseThrow();
        assertThat(row.chars().filter(it -> it == '|')).hasSize(8);
        assertThat(row)
                .doesNotContain("<", ">", "`", "*", "[", "](", "@", "javascript:b", "www.")
                .doesNotContainPattern("&(?!#\\d+;)")
                .contains("&#93;&#93;&#62;&#60;b&#62;");
        assertThat(page).startsWith("### kubectl lockstep check\n\n| STATE | KIND |");
    }

    @Test
    void aFenceIsLongerThanWhatIsWithin() throws IOException {
        write("one", manifest("x", "80").replace("app: x", "app: \"````\""));
        write("two", manifest("x", "80"));

        var page = folders("markdown").out();

        assertThat(page.lines().filter(it -> it.startsWith("`````"))).hasSize(2);
        assertThat(page).contains("| CiliumNetworkPolicy default/x | Differs: A in 1; B in two |");
    }

    @Test
    void aPlaceIsALineOfItsFile() throws IOException {
        var first = manifest("other", "80") + "---\n# a comment\n";
        write("one", first + manifest("x", "80"));
        write("two", manifest("x", "8080") + "  - fromEntities: [health]\n");

        var results = results(folders("sarif"));

        var x = results.getLast();
        assertThat(x.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
                .isEqualTo(folder.resolve("one/policies.yaml").toUri().toString());
        assertThat(x.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(22);
        // Only the other file has it.
        assertThat(x.at("/relatedLocations/0/message/text").asText()).isEqualTo("ingress[1]");
        assertThat(x.at("/relatedLocations/0/physicalLocation/artifactLocation/uri").asText())
                .isEqualTo(folder.resolve("two/policies.yaml").toUri().toString());
        assertThat(x.at("/relatedLocations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(11);
        var other = results.getFirst();
        assertThat(other.path("ruleId").asText()).isEqualTo("Missing");
        assertThat(other.at("/locations/0/physicalLocation/region/startLine").asInt()).isOne();
    }

    @Test
    void whatAWebhookWouldSayIsAtTheFilesLine() throws IOException {
        var file = write("one", manifest("agrees", "80") + "---\n" + manifest("differs", "81"));
        for (var cluster : mesh.clusters) {
            cluster.put("api/v1/namespaces/default", "{}");
        }

        var ran = mesh.run("diff", "-o", "sarif", "-f", file.toString());

        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        var refused =
                results(ran).stream()
                        .filter(it -> it.path("ruleId").asText().equals("Differs"))
                        .toList();
        assertThat(refused).hasSize(1);
        var result = refused.getFirst();
        assertThat(result.path("level").asText()).isEqualTo("error");
        assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(21);
        assertThat(result.at("/message/text").asText())
                .startsWith("CiliumNetworkPolicy default/differs: would be refused: cluster1")
                .contains("file: 81   cluster1: 80");
    }

    /// What the standard and those who show it require.
    @Test
    void hasWhatItsReadersRequire() throws IOException {
        mesh.cluster(1).close();

        var ran = mesh.run("check", "-o", "sarif");

        var json = new ObjectMapper().readTree(ran.out());
        assertThat(json.path("version").asText()).isEqualTo("2.1.0");
        assertThat(json.path("$schema").asText()).endsWith("sarif-schema-2.1.0.json");
        assertThat(json.path("runs")).hasSize(1);
        var run = json.at("/runs/0");
        assertThat(run.at("/tool/driver/name").asText()).isEqualTo("kubectl-lockstep");
        assertThat(run.at("/invocations/0/executionSuccessful").asBoolean()).isTrue();
        assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text").asText())
                .startsWith("cluster1: not compared");
        var rules = run.at("/tool/driver/rules");
        for (var rule : rules) {
            assertThat(rule.at("/shortDescription/text").asText())
                    .isNotBlank()
                    .doesNotContain("\n");
            assertThat(rule.at("/fullDescription/text").asText()).isNotBlank();
            assertThat(rule.at("/help/text").asText()).isNotBlank();
        }
        assertThat(rules.valueStream().map(it -> it.path("id").asText()))
                .containsExactly("Differs", "Missing");
        for (var result : results(ran)) {
            assertThat(rules.path(result.path("ruleIndex").asInt()).path("id"))
                    .isEqualTo(result.path("ruleId"));
            assertThat(result.path("level").asText()).isIn("error", "warning", "note");
            assertThat(result.at("/message/text").asText()).isNotBlank();
            assertThat(result.at("/locations/0/logicalLocations/0/fullyQualifiedName").asText())
                    .startsWith("CiliumNetworkPolicy default/");
            assertThat(result.at("/locations/0").has("physicalLocation")).isFalse();
            assertThat(result.path("partialFingerprints")).hasSize(1);
        }
    }

    @Test
    void aPathOfTheRepositoryStaysOne() throws IOException {
        var file = Path.of("target/a b:.yaml");
        Files.writeString(file, manifest("differs", "81"));

        var ran = mesh.run("diff", "-o", "sarif", "-f", "./" + file);

        var place = results(ran).getFirst().at("/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("target/a%20b%3A.yaml");
        Files.delete(file);
    }

    /// They fail no test, and are of no policy.
    @Test
    void settingsThatDifferAreSaidBesides() throws IOException {
        mesh.cluster(2)
                .put(
                        "api/v1/namespaces/kube-system/configmaps/cilium-config",
                        "{\"data\":{\"cluster-name\":\"cluster2\",\"enable-policy\":\"never\"}}");
        mesh.clusters.forEach(it -> it.holds(StubCluster.policy("agrees", "80")));

        var ran = mesh.run("check", "-o", "sarif");

        assertThat(ran.code()).isZero();
        var results = results(ran);
        assertThat(results).hasSize(1);
        assertThat(results.getFirst().path("ruleId").asText()).isEqualTo("Setting");
        assertThat(results.getFirst().path("level").asText()).isEqualTo("note");
        assertThat(results.getFirst().at("/message/text").asText())
                .isEqualTo("enable-policy: default in 2; never in cluster2");
        var out = children(suite(mesh.run("check", "-o", "junit")), "system-out").getFirst();
        assertThat(out.getTextContent())
                .endsWith("\nenable-policy: default in 2; never in cluster2");
        assertThat(mesh.run("check", "-o", "markdown").out())
                .contains("| enable-policy | default | never | default |");
    }

    /// However many of its policies differ.
    @Test
    void aFileIsReadOnceForItsLines() throws IOException, Unusable {
        var text = manifest("first", "80") + "---\n" + manifest("second", "80");
        var file = write("one", text);
        var places =
                new Manifests("default", false)
                        .read(List.of(file.toString())).stream()
                                .map(it -> new Place(it.spot(), "ingress[0].toPorts", true))
                                .toList();
        var lines = new Lines();

        assertThat(lines.of(places.getFirst())).isEqualTo(7);
        Files.delete(file);
        assertThat(lines.of(places.getLast())).isEqualTo(18);
        // Of a file that is gone by now, it is still known where the policy began.
        assertThat(new Lines().of(places.getLast())).isEqualTo(12);
    }

    /// Also where each is written in one line.
    @Test
    void theItemsOfAListHaveTheirPlaces() throws IOException, Unusable {
        var item =
                "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: %s}, spec: {ingress: []}}";
        var file =
                write(
                        "one",
                        "kind: List\nitems:\n- %s\n- %s\n"
                                .formatted(item.formatted("a"), item.formatted("b")));
        var manifests = new Manifests("default", false).read(List.of(file.toString()));

        assertThat(manifests).extracting(it -> it.spot().line()).containsExactly(3, 4);
        assertThat(manifests).extracting(it -> it.spot().column()).containsExactly(3, 3);
        assertThat(new Lines().of(new Place(manifests.getLast().spot(), "ingress", true)))
                .isEqualTo(4);
    }

    @Test
    void otherCommandsSayThatTheyHaveNone() {
        var ran = mesh.run("status", "-o", "junit");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("-o junit is for check and diff; status has table, json and yaml\n");
    }

    private Ran folders(String format) {
        return Ran.of(
                "diff",
                "-o",
                format,
                "-f",
                folder.resolve("one").toString(),
                "-f",
                folder.resolve("two").toString());
    }

    private Path write(String cluster, String text) throws IOException {
        var file = folder.resolve(cluster).resolve("policies.yaml");
        Files.createDirectories(folder.resolve(cluster));
        return Files.writeString(file, text);
    }

    private static List<JsonNode> results(Ran ran) throws IOException {
        return new ObjectMapper().readTree(ran.out()).at("/runs/0/results").valueStream().toList();
    }

    private static Element suite(Ran ran) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var document =
                    factory.newDocumentBuilder()
                            .parse(new InputSource(new StringReader(ran.out())));
            return children(document.getDocumentElement(), "testsuite").getFirst();
        } catch (Exception e) {
            throw new AssertionError(ran.out(), e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        var children = new ArrayList<Element>();
        for (int i = 0; i < parent.getChildNodes().getLength(); i++) {
            if (parent.getChildNodes().item(i) instanceof Element element
                    && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static String manifest(String name, String port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: %s, namespace: default}
        spec:
          endpointSelector: {matchLabels: {app: x}}
          ingress:
          - toPorts:
            - ports:
              - protocol: TCP
                port: "%s"
        """
                .formatted(name, port);
    }
}
