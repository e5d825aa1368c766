package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Twins;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An executable takes and refuses the kubeconfigs that a JVM does, for the same reasons.
@Tag("native")
class KubeconfigParityIT {

    private static final String PAGE = "/mesh/peers";
    private static final String TAKEN = "taken";

    @TempDir Path folder;

    @Test
    void whateverIsInAFile() throws IOException {
        var peers = Files.createDirectory(folder.resolve("peers"));
        var expected = new TreeMap<String, String>();
        for (var input : BadInput.of("kubeconfigs")) {
            var name = "case-" + expected.size();
            Files.write(peers.resolve(name), BadKubeconfigs.file(input));
            var answer = input.answer().textValue();
            expected.put(name, answer.equals("accepted") ? TAKEN : "kubeconfig refused: " + answer);
        }
        var settings =
                Map.of(
                        "LOCKSTEP_PEERS_DIRECTORY",
                        peers.toString(),
                        "LOCKSTEP_PEERS_READY_WAIT",
                        "1s");

        try (var twins = new Twins(folder, settings)) {
            twins.awaitBoth(PAGE, it -> it.jsonPath().getList("peers").size() == expected.size());
            var shown = twins.management(PAGE).stream().map(KubeconfigParityIT::reasons).toList();

            assertThat(shown.getFirst()).isEqualTo(shown.getLast()).isEqualTo(expected);
        }
    }

    /// Why each file is refused. What becomes of the others depends on a network.
    private static Map<String, String> reasons(Response page) {
        var reasons = new TreeMap<String, String>();
        try {
            for (var peer : StrictJson.read(page.asByteArray()).path("peers")) {
                var refused = peer.path("state").asText().equals("unusable");
                reasons.put(
                        peer.path("name").asText(), refused ? peer.path("reason").asText() : TAKEN);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return reasons;
    }
}
