package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.OwnApis;
import mesh.lockstep.apiserver.Server;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Meanings;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.policy.reading.Settings;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is read of this cluster, from an API server that has nothing else.
class OwnClusterTest {

    private static final String DEFINITION =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ciliumnetworkpolicies.cilium.io";

    private HttpServer server;
    private Server own;
    private String clusterName = "east";
    private String config = "";
    private String schema = "";
    private String instead = "";
    private int code = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        own = OwnApis.server("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        own.client().close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1.33.12, true",
        "'', 1.32.1, true",
        "'', 1.31.11, false",
        "'', '', true",
        "true, 1.31.11, true",
        "false, 1.33.12, false",
    })
    void readsPoliciesAsItsCiliumDoes(String key, String version, boolean local)
            throws InterruptedException {
        config = key.isEmpty() ? "" : ",\"policy-default-local-cluster\":\"" + key + "\"";
        schema = version;
        var cluster = new OwnCluster(Optional::empty, new OwnApi(() -> own));

        var name = cluster.await(() -> {});

        assertThat(name).isEqualTo(new ClusterName("east"));
        assertThat(cluster.reader().with(Meanings.NONE))
                .isEqualTo(new PolicyReader(new Settings(local), cluster.name()));
    }

    /// What was compared, watched and reported so far was under the name that it had.
    @Test
    void keepsItsNameAndSaysThatItIsCalledAnother() throws InterruptedException {
        var cluster = new OwnCluster(Optional::empty, new OwnApi(() -> own));
        cluster.await(() -> {});
        try (var log = LogLines.captured()) {
            clusterName = "moon";
            cluster.read();
            cluster.read();

            assertThat(cluster.name()).contains(new ClusterName("east"));
            assertThat(log.lines())
                    .filteredOn(it -> it.contains("calls this cluster moon"))
                    .singleElement()
                    .asString()
                    .contains("goes on as east", "restart Lockstep");
        }
    }

    /// It goes on with Cilium's defaults, and a name comes from elsewhere.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {}                       | it is missing",
                "200 | {'kind':'ConfigMap'}     | it is missing",
                "200 | {'data':null}            | it is missing",
                "200 | {'data':'cluster-name'}  | it is missing",
                "403 | {}                       | HTTP 403",
                "200 | <html>                   | unreadable answer",
                "200 | {'data':{}}              | its key cluster-name has no cluster name",
                "200 | {'data':{'cluster-name':7.5}} | its key cluster-name has no cluster name",
            },
            quoteCharacter = '"')
    void saysOnceWhyCiliumsSettingsCannotBeRead(int status, String body, String reason)
            throws InterruptedException {
        code = status;
        instead = body.replace('\'', '"');
        var cluster = new OwnCluster(Optional::empty, new OwnApi(() -> own));
        try (var log = LogLines.captured()) {
            cluster.read();
            cluster.read();

            assertThat(cluster.name()).isEmpty();
            assertThat(cluster.sharesNamespacesByDefault()).isTrue();
            assertThat(log.lines())
                    .filteredOn(it -> it.contains("kube-system/cilium-config"))
                    .singleElement()
                    .asString()
                    .contains(reason);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var body = "";
        if (path.equals("/api/v1/namespaces/kube-system/configmaps/cilium-config")) {
            body =
                    !instead.isEmpty()
                            ? instead
                            : "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{\"cluster-name\":\""
                                    + clusterName
                                    + "\""
                                    + config
                                    + "}}";
        } else if (path.equals(DEFINITION)
                && exchange.getRequestHeaders().getFirst("Accept").contains("PartialObject")) {
            var labels =
                    schema.isEmpty()
                            ? ""
                            : "\"io.cilium.k8s.crd.schema.version\":\"" + schema + "\"";
            body = "{\"metadata\":{\"labels\":{" + labels + "}}}";
        }
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(bytes.length == 0 ? 404 : code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
