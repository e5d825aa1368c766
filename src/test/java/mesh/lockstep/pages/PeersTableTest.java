package mesh.lockstep.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.peers.PeerStatus;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey.Kind;
import org.junit.jupiter.api.Test;

class PeersTableTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    void showsWhatAnOperatorAsksFor() {
        var statuses =
                List.of(
                        status(
                                "cluster2",
                                new Standing.InSync(),
                                Duration.ofHours(3),
                                Optional.of(Duration.ofSeconds(12)),
                                Optional.of(Duration.ofDays(41))),
                        status(
                                "cluster10",
                                new Standing.Unknown("connection refused"),
                                Duration.ofSeconds(75),
                                Optional.of(Duration.ofMinutes(4)),
                                Optional.of(Duration.ofHours(-5))),
                        status(
                                "west",
                                new Standing.Joining(),
                                Duration.ofSeconds(1),
                                Optional.empty(),
                                Optional.empty()));

        assertThat(PeersTable.of(statuses, NOW))
                .isEqualTo(
                        """
                        NAME        STATE     SINCE   LAST HEARD   POLICIES   CREDENTIAL EXPIRES   CERTIFICATE EXPIRES   REASON
                        cluster2    in sync   3h      12s          21         41d                  3d                    its Cilium calls it east
                        cluster10   unknown   75s     4m           21         5h ago               3d                    connection refused; its Cilium calls it east
                        west        joining   1s      never        21         unknown              unknown               first synchronization in progress
                        """);
    }

    @Test
    void showsThatThereAreNone() {
        assertThat(PeersTable.of(List.of(), NOW)).startsWith("NAME").hasLineCount(1);
    }

    private static PeerStatus status(
            String name,
            Standing standing,
            Duration unchanged,
            Optional<Duration> lastHeard,
            Optional<Duration> left) {
        return new PeerStatus(
                new ClusterName(name),
                standing,
                NOW.minus(unchanged),
                true,
                lastHeard.map(NOW::minus),
                Map.of(Kind.CILIUM_NETWORK_POLICY, 20, Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY, 1),
                left.map(NOW::plus),
                Optional.empty(),
                left.map(_ -> NOW.plus(Duration.ofDays(3))),
                left.map(_ -> new ClusterName("east")));
    }
}
