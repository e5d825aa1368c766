package mesh.lockstep.peers;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The peers of a running application, as seen from outside: health and metrics.
@Tag("alone")
@QuarkusTest
@WithTestResource(PeersFolder.class)
class PeersLifecycleIT {

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
        // There is no API server of our own, for which it waits a while.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(management.resolve("health/ready")).statusCode() == 200);
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
                .body(check("mesh") + ".data.bad", equalTo(REFUSED))
                .body(
                        check("mesh") + ".data.good",
                        matchesPattern(
                                "in sync; credential expires 2[-0-9]+T[:0-9]+Z; its certificate expires 2[-0-9]+T[:0-9]+Z"));
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
    void isAliveWhileItsThreadsTurn() {
        get(management.resolve("health/live"))
                .then()
                .statusCode(200)
                .body(check("threads") + ".data.folder", matchesPattern("last turn \\d+ s ago"))
                .body(check("threads") + ".data.watch", matchesPattern("last turn \\d+ s ago"))
                .body(check("threads") + ".data.rehearsal", matchesPattern("last turn \\d+ s ago"));
        for (var thread : List.of("folder", "watch", "probe", "namespaces", "drift", "rehearsal")) {
            assertThat(metrics())
                    .containsPattern(
                            "lockstep_thread_last_turn_timestamp_seconds\\{thread=\"%s\"} [1-9]"
                                    .formatted(thread))
                    .contains(
                            "lockstep_thread_restarts_total{thread=\"%s\"} 0.0".formatted(thread));
        }
        assertThat(metrics())
                .containsPattern("lockstep_peers_folder_last_read_timestamp_seconds [1-9]");
    }

    @Test
    void saysWhenCredentialsExpireThatSaySo() {
        // A certificate is known when it was shown, and in the metrics with the next look.
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                metrics()
                                        .contains(
                                                "lockstep_peer_certificate_expiry_timestamp_seconds{"));
        assertThat(metrics())
                .containsPattern(
                        "lockstep_peer_credential_expiry_timestamp_seconds\\{peer=\"good\"} [1-9]")
                .doesNotContain("lockstep_peer_credential_expiry_timestamp_seconds{peer=\"bad\"}")
                .containsPattern(
                        "lockstep_peer_certificate_expiry_timestamp_seconds\\{peer=\"good\"} [1-9]")
                .doesNotContain("lockstep_peer_certificate_expiry_timestamp_seconds{peer=\"bad\"}")
                .contains(
                        "lockstep_peer_misnamed{peer=\"good\"} 0.0",
                        "lockstep_peer_misnamed{peer=\"bad\"} 0.0");
    }

    @Test
    void showsThePeersToPrograms() {
        get(management.resolve("/mesh/peers"))
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("cluster", equalTo("cluster1"))
                .body("peers.name", equalTo(List.of("bad", "good")))
                .body("peers[0].state", equalTo("unusable"))
                .body("peers[0].reason", equalTo(REFUSED))
                .body("peers[0].lastHeard", nullValue())
                .body("peers[1].state", equalTo("in sync"))
                .body("peers[1].synced", equalTo(true))
                .body("peers[1].policies.CiliumNetworkPolicy", equalTo(1))
                .body("peers[1].since", startsWith("2"))
                .body("peers[1].lastHeard", startsWith("2"))
                .body("peers[1].credentialExpires", startsWith("2"))
                .body("peers[1].certificateExpires", startsWith("2"))
                .body("peers[1].callsItself", nullValue());
    }

    @Test
    void showsThePeersToPeople() {
        assertThat(
                        given().accept("text/plain")
                                .get(management.resolve("/mesh/peers"))
                                .then()
                                .statusCode(200)
                                .contentType("text/plain")
                                .extract()
                                .asString())
                .matches(
                        """
                        NAME +STATE +SINCE +LAST HEARD +POLICIES +CREDENTIAL EXPIRES +CERTIFICATE EXPIRES +REASON
                        bad +unusable +\\d+s +never +0 +unknown +unknown +%s
                        good +in sync +\\d+s +\\d+s +1 +\\d+h +\\d+h
                        """
                                .formatted(Pattern.quote(REFUSED)));
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
    void saysWhyANewCredentialIsNotUsedAndKeepsTheOldOne() throws IOException {
        var file = folder.resolve("good");
        var former = Files.readString(file);
        var series = "lockstep_peer_credential_not_renewed{peer=\"good\"} ";
        var why = "kubeconfig refused: empty";
        assertThat(metrics()).contains(series + "0.0");

        Files.writeString(file, "");
        try {
            await().until(() -> metrics().contains(series + "1.0"));

            assertThat(metrics()).contains("lockstep_peer_up{peer=\"good\"} 1.0");
            get(management.resolve("/mesh/peers"))
                    .then()
                    .body("peers[1].state", equalTo("in sync"))
                    .body("peers[1].credentialNotRenewed", equalTo(why));
            assertThat(
                            given().accept("text/plain")
                                    .get(management.resolve("/mesh/peers"))
                                    .asString())
                    .containsPattern("good +in sync .* new credential: " + why);
            get(management.resolve("health/group/mesh"))
                    .then()
                    .body(check("mesh") + ".data.good", endsWith("Z; new credential: " + why));
        } finally {
            Files.writeString(file, former);
        }
        await().until(() -> metrics().contains(series + "0.0"));
        assertThat(metrics()).contains("lockstep_peer_up{peer=\"good\"} 1.0");
    }

    @Test
    void showsNoSecret() {
        assertThat(
                        metrics()
                                + get(management.resolve("health")).asString()
                                + get(management.resolve("/mesh/peers")).asString())
                .doesNotContain(Kubeconfigs.TOKEN);
    }

    private String metrics() {
        return get(management.resolve("metrics")).asString();
    }

    private static String check(String name) {
        return "checks.find { it.name == '" + name + "' }";
    }
}
