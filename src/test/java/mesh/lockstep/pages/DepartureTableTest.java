package mesh.lockstep.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import org.junit.jupiter.api.Test;

class DepartureTableTest {

    @Test
    void namesTheFirstMembersAndCountsTheRest() {
        var members = IntStream.range(1, 8).mapToObj(it -> new ClusterName("m" + it)).toList();
        var group = new LackedGroup("partners", members);
        var departures = new Departures(Found.none(), new Found<>(List.of(group), new TreeSet<>()));

        assertThat(DepartureTable.of("cluster1", departures).getLast().rows().getFirst())
                .extracting(DepartureTable.Cell::text)
                .containsExactly("partners", "m1, m2, m3, m4, m5 and 2 more");
    }
}
