package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.peers.PeerStatus.Standing;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Deadline PAST = Deadline.in(Duration.ZERO);
    private static final Deadline AHEAD = Deadline.in(Duration.ofHours(1));

    private static final PeerStatus JOINING = peer(new Standing.Joining(), false);
    private static final PeerStatus FAILED = peer(new Standing.Unknown("refused"), false);

    @Test
    void waitsForPeersThatAreReadOrFailedAtFirst() {
        assertThat(new Patience(AHEAD, AHEAD)).matches(it -> !it.isOverWith(JOINING));
        assertThat(new Patience(AHEAD, AHEAD)).matches(it -> !it.isOverWith(FAILED));
    }

    @Test
    void waitsForADeadPeerOnlyShortly() {
        assertThat(new Patience(AHEAD, PAST)).matches(it -> it.isOverWith(FAILED));
        assertThat(new Patience(AHEAD, PAST)).matches(it -> !it.isOverWith(JOINING));
        assertThat(Patience.of(Duration.ofHours(1)).failed().left())
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void waitsForNobodyForEverNorLongerThanIsConfigured() {
        assertThat(new Patience(PAST, PAST)).matches(it -> it.isOverWith(JOINING));
        assertThat(Patience.of(Duration.ZERO)).matches(it -> it.isOverWith(FAILED));
    }

    @Test
    void doesNotWaitForPeersThatWereReadOrCannotBe() {
        assertThat(new Patience(AHEAD, AHEAD))
                .matches(it -> it.isOverWith(peer(new Standing.Unknown("gone again"), true)))
                .matches(it -> it.isOverWith(peer(new Standing.Unusable("refused"), false)));
    }

    private static PeerStatus peer(Standing standing, boolean synced) {
        return new PeerStatus(
                new ClusterName("east"),
                standing,
                Instant.EPOCH,
                synced,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
