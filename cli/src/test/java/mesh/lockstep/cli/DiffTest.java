package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pipeline compares without any cluster.
class DiffTest {

    @TempDir private Path folder;

    @Test
    void foldersThatAgreeAreSilentAndEndWithNothing() throws IOException {
        write("cluster1", policy("allow-api", 80));
        write("cluster2", policy("allow-api", 80).replace("app: api", "\"app\": api"));

        var ran = diff();

        assertThat(ran.out()).isEqualTo("1 policy, 2 clusters: 1 agree\n");
        assertThat(ran.code()).isZero();
    }

    @Test
    void whereTheyPartIsSaidInTheWordsOfTheManifests() throws IOException {
        write("cluster1", policy("allow-api", 80) + "---\n" + policy("allow-db", 80));
        write("cluster2", policy("allow-api", 8080));

        var ran = diff();

        assertThat(ran.out())
                .isEqualTo(
                        """
                        Differs   CiliumNetworkPolicy default/allow-api
                          A: cluster1
                          B: cluster2
                            ingress[0].toPorts[0].ports[0].port   cluster1: 80   cluster2: 8080
                        Missing   CiliumNetworkPolicy default/allow-db
                          A: cluster1
                          missing in: cluster2
                        2 policies, 2 clusters: 0 agree, 1 differ, 1 missing
                        """);
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void programsReadTheSame() throws IOException {
        write("cluster1", policy("allow-api", 80));
        write("cluster2", policy("allow-api", 8080));

        var json = new ObjectMapper().readTree(diff("-o", "json").out()).at("/policies/0");

        assertThat(json.path("state").asText()).isEqualTo("Differs");
        assertThat(json.at("/versions/1/clusters/0/name").asText()).isEqualTo("cluster2");
        assertThat(json.at("/differences/0/places/0/path").asText())
                .isEqualTo("ingress[0].toPorts[0].ports[0].port");
        assertThat(json.at("/differences/0/places/0/there").asText()).isEqualTo("8080");
        assertThat(diff("-o", "yaml").out()).contains("state: \"Differs\"");
    }

    @Test
    void whatIsMeantForOthersIsNotMissed() throws IOException {
        var local =
                policy("allow-api", 80)
                        .replace("}\nspec", ", annotations: {lockstep.mesh/members: local}}\nspec");
        write("cluster1", local);
        write("cluster2", "");

        assertThat(diff().code()).isZero();
        assertThat(diff().out()).contains("1 not meant to be the same");
    }

    /// A terminal acts on them.
    @Test
    void noControlCharacterComesThrough() throws IOException {
        write("cluster1", policy("\"a\\u001b[2Jb\\u009bc\"", 80));
        write("cluster2", policy("\"a\\u001b[2Jb\\u009bc\"", 81));

        for (var format : new String[] {"table", "json", "yaml"}) {
            assertThat(diff("-o", format).out())
                    .contains("81")
                    .doesNotContainPattern("[\\p{Cc}&&[^\\n]]")
                    // Nor what a program would make one of.
                    .doesNotContain("u001", "\\e");
        }
    }

    @Test
    void listsAreReadAndOtherKindsPassedOver() throws IOException {
        var list =
                """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: x}}
                - %s
                """
                        .formatted(policy("allow-api", 80).replace("\n", "\n  ").strip());
        write("cluster1", list);
        write("cluster2", policy("allow-api", 80));

        assertThat(diff().out()).isEqualTo("1 policy, 2 clusters: 1 agree\n");
    }

    @Test
    void whatCannotBeReadIsAnError() throws IOException {
        write("cluster1", policy("allow-api", 80));
        write("cluster2", "a: [");
        assertThat(diff().code()).isEqualTo(2);
        assertThat(diff().err()).startsWith("error: ").contains("policies.yaml");

        write("cluster2", policy("allow-api", 80) + "---\n" + policy("allow-api", 81));
        assertThat(diff().code()).isEqualTo(2);
        assertThat(diff().err()).contains("has a second CiliumNetworkPolicy default/allow-api");

        write("cluster2", policy("allow-api", 80).replace("name: allow-api", "labels: {}"));
        assertThat(diff().code()).isEqualTo(2);
        assertThat(diff().err()).contains("has a CiliumNetworkPolicy without a name");
    }

    private Ran diff(String... options) {
        var arguments = new ArrayList<>(List.of("diff"));
        for (var cluster : new String[] {"cluster1", "cluster2"}) {
            arguments.add("-f");
            arguments.add(folder.resolve(cluster).toString());
        }
        arguments.addAll(List.of(options));
        return Ran.of(arguments.toArray(String[]::new));
    }

    private void write(String cluster, String text) throws IOException {
        var file = folder.resolve(cluster).resolve("policies.yaml");
        Files.createDirectories(folder.resolve(cluster));
        Files.writeString(file, text);
    }

    private static String policy(String name, int port) {
        return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: %s, namespace: default}
        spec:
          endpointSelector: {matchLabels: {app: api}}
          ingress:
          - toPorts: [{ports: [{port: "%d", protocol: TCP}]}]
        """
                .formatted(name, port);
    }
}
