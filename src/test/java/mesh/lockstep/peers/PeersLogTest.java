package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.support.LogLines;
import org.junit.jupiter.api.Test;

class PeersLogTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");

    private final PeersLog log = new PeersLog(new ClusterName("here"));

    @Test
    void saysOnceThatAPeerHasAnotherNameForItself() {
        try (var lines = LogLines.captured()) {
            log.peers(List.of(called(Optional.empty())));
            log.peers(List.of(called(Optional.of(WEST))));
            log.peers(List.of(called(Optional.of(WEST))));

            assertThat(lines.lines())
                    .filteredOn(it -> it.contains("is called west by its own Cilium"))
                    .singleElement()
                    .asString()
                    .contains("Peer east is called west", "It goes on being compared as east");

            log.peers(List.of(called(Optional.empty())));
            log.peers(List.of(called(Optional.of(WEST))));

            assertThat(lines.lines()).filteredOn(it -> it.contains("is called")).hasSize(2);
        }
    }

    private static PeerStatus called(Optional<ClusterName> name) {
        return new PeerStatus(
                EAST,
                new Standing.InSync(),
                Instant.EPOCH,
                true,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                name);
    }
}
