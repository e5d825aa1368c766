package mesh.lockstep.peers;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The peers of a running application, as seen from outside: health and metrics.
@QuarkusTest
@WithTestResource(PeersFolder.class)
class PeersLifecycleTest {

    private static final String REFUSED =
            "kubeconfig refused: users[0].user.tokenFile is not allowed";

    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    @TestHTTPResource(management = true)
    URI management;

    @Inject
    @ConfigProperty(name = "lockstep.peers.directory")
    Path folder;

    @BeforeEach
    void awaitTheGoodPeer() {
        await().until(() -> metrics().contains("lockstep_peer_up{peer=\"good\"} 1.0"));
    }

    @Test
    void isReadyInSpiteOfABadPeer() {
        get(management.resolve("health/ready"))
                .then()
                .statusCode(200)
                .body(
                        check("peers") + ".data",
                        equalTo(
                                Map.of(
                                        "cluster", "cluster1",
                                        "good", "in sync",
                                        "bad", REFUSED)));
    }

    @Test
    void saysWhichPeerIsInTrouble() {
        get(management.resolve("health/group/mesh"))
                .then()
                .statusCode(503)
                .body(check("mesh") + ".status", equalTo("DOWN"))
                .body(check("mesh") + ".data", equalTo(Map.of("good", "in sync", "bad", REFUSED)));
    }

    @Test
    void countsWhatPeersHold() {
        assertThat(metrics())
                .contains(
                        "lockstep_peer_up{peer=\"bad\"} 0.0",
                        "lockstep_peer_synced{peer=\"good\"} 1.0",
                        "lockstep_peer_synced{peer=\"bad\"} 0.0",
                        "lockstep_peer_last_heard_timestamp_seconds{peer=\"bad\"} 0.0",
                        "lockstep_peer_policies{kind=\"CiliumNetworkPolicy\",peer=\"good\"} 1.0",
                        "lockstep_peer_policies{kind=\"CiliumClusterwideNetworkPolicy\",peer=\"good\"}"
                                + " 0.0")
                .containsPattern(
                        "lockstep_peer_last_heard_timestamp_seconds\\{peer=\"good\"} [1-9]")
                .doesNotContain("readme")
                .doesNotContain("cluster1");
    }

    @Test
    void forgetsThePeerThatLeaves() throws IOException {
        var another = folder.resolve("another");
        Files.writeString(another, "");
        await().until(() -> metrics().contains("peer=\"another\""));

        Files.delete(another);

        await().until(() -> !metrics().contains("peer=\"another\""));
    }

    @Test
    void showsNoSecret() {
        assertThat(metrics() + get(management.resolve("health")).asString())
                .doesNotContain(Kubeconfigs.TOKEN);
    }

    private String metrics() {
        return get(management.resolve("metrics")).asString();
    }

    private static String check(String name) {
        return "checks.find { it.name == '" + name + "' }";
    }
}
