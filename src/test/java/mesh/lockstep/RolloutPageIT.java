package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.Document.Block;
import mesh.lockstep.support.Document.Exchange;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What `docs/rollout.md` shows is what kubectl prints, word for word, on three real clusters.
class RolloutPageIT {

    private static final Document PAGE = Document.of("docs/rollout.md");
    private static final List<String> CLUSTERS = List.of("cluster1", "cluster2", "cluster3");
    private static final String NAME = "allow-api";

    /// The section whose blocks each begin with one version in all clusters; the others go on from
    /// each other.
    private static final String COMMANDS = "Command by command";

    private static final Map<String, Integer> PORTS =
            Map.of("v1", 80, "v2", 8080, "v3", 9090, "v4", 7070);

    @TempDir static Path folder;

    private static Checkout shell;
    private static int blocks;
    private static int written;

    @BeforeAll
    static void writeTheEditor() {
        shell = new Checkout(folder, Mesh.shared());
        shell.write("editor", List.of("#!/bin/sh", "sed -i 's/port: \"81\"/port: \"83\"/' \"$1\""));
        shell.succeed("chmod +x editor");
    }

    @AfterAll
    static void takeThePoliciesAway() {
        for (var cluster : CLUSTERS) {
            shell.run("kubectl --context " + cluster + " delete cnp --all");
        }
    }

    @TestFactory
    Stream<DynamicTest> showsWhatKubectlPrints() {
        return PAGE.blocks().stream()
                .filter(Block::isTranscript)
                .flatMap(
                        block ->
                                Stream.concat(
                                        beginning(block),
                                        block.exchanges().stream().map(RolloutPageIT::exchange)));
    }

    private static Stream<DynamicTest> beginning(Block block) {
        if (block.section().equals(COMMANDS)) {
            return Stream.of(DynamicTest.dynamicTest("all hold v2", () -> begin("v2")));
        }
        return block.section().equals("From one version to the next")
                ? Stream.of(DynamicTest.dynamicTest("all hold v1", () -> begin("v1")))
                : Stream.empty();
    }

    /// Under a name of which nothing is remembered.
    private static void begin(String version) {
        blocks++;
        PORTS.forEach(
                (file, port) -> {
                    shell.write(file + ".yaml", policy(port, "").lines().toList());
                    shell.write(
                            file + "-declared.yaml",
                            policy(port, ", annotations: {lockstep.mesh/revision: \"1\"}")
                                    .lines()
                                    .toList());
                });
        for (var cluster : CLUSTERS) {
            shell.succeed("kubectl --context " + cluster + " apply -f " + version + ".yaml");
            awaitKnown(cluster);
        }
    }

    private static DynamicTest exchange(Exchange exchange) {
        return DynamicTest.dynamicTest(exchange.command(), () -> plays(exchange));
    }

    private static void plays(Exchange exchange) {
        var printed =
                shell.run("export EDITOR=./editor; " + exchange.command().replace(NAME, name()))
                        .text();
        awaitKnown(exchange.command().replaceFirst(".* --context ([^ ]+) .*", "$1"));

        assertThat(
                        printed.replace(name(), NAME)
                                .replaceFirst(
                                        "(?s)error when applying patch:\n.*?\nfor: ",
                                        "error when applying patch: […] for: ")
                                .lines())
                .containsExactlyElementsOf(
                        exchange.printed().stream().filter(it -> !it.isEmpty()).toList());
    }

    /// What came before it is known then as well. A person takes longer between two commands.
    private static void awaitKnown(String cluster) {
        written++;
        var mark = policy(80, "").replace(name(), "written-" + written).lines().toList();
        shell.write("mark.yaml", mark);
        shell.succeed("kubectl --context " + cluster + " create -f mark.yaml");
        for (var other : CLUSTERS) {
            var ask = "kubectl --context %s create --dry-run=server -f mark.yaml".formatted(other);
            await().atMost(SOON).until(() -> !shell.run(ask).text().contains(cluster));
        }
    }

    private static String name() {
        return NAME + "-" + blocks;
    }

    private static String policy(int port, String more) {
        return """
               apiVersion: cilium.io/v2
               kind: CiliumNetworkPolicy
               metadata: {name: %s, namespace: default%s}
               spec:
                 endpointSelector: {matchLabels: {app: api}}
                 ingress:
                 - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
               """
                .formatted(name(), more, port);
    }
}
