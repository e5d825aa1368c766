package mesh.lockstep.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.support.FakeHoldings;
import org.junit.jupiter.api.Test;

class DeparturesTest {

    private final FakeHoldings holdings = new FakeHoldings("cluster2", "cluster3");

    @Test
    void aGroupThatAPolicyNamesMayBeMissingInMembers() {
        holdings.withGroups("cluster1", "partners", "offices", "unused")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3", "offices", "partners")
                .naming("default", "partners", "all")
                .naming("default", "offices", "all");

        assertThat(groups()).isEqualTo(only(lacked("offices", "cluster2")));
    }

    @Test
    void orHereOrEverywhere() {
        holdings.withGroups("cluster1")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3", "partners")
                .naming("default", "partners", "all")
                .naming("default", "typo", "all");

        assertThat(groups())
                .isEqualTo(
                        only(
                                lacked("partners", "cluster1"),
                                lacked("typo", "cluster1", "cluster2", "cluster3")));
    }

    @Test
    void onlyMembersCountForWhichThePolicyIsMeant() {
        holdings.withGroups("cluster1", "partners")
                .withGroups("cluster2")
                .withGroups("cluster3")
                .naming("default", "partners", "cluster1,cluster3")
                .naming("default", "own", "local");

        assertThat(groups())
                .isEqualTo(only(lacked("own", "cluster1"), lacked("partners", "cluster3")));
    }

    @Test
    void onlyPoliciesCountThatAreCompared() {
        holdings.withGroups("cluster1")
                .withGroups("cluster2")
                .withGroups("cluster3")
                .naming("kube-system", "partners", "all");

        assertThat(groups()).isEqualTo(only());
    }

    @Test
    void saysWhoseGroupsAreNotKnown() {
        holdings.withGroups("cluster2", "partners").naming("default", "partners", "all");

        assertThat(groups()).isEqualTo(new Found<>(List.of(), unknown("cluster1", "cluster3")));
    }

    /// While our own are not known, there is nothing to hold theirs against.
    @Test
    void saysWhoseSettingsAreNotKnown() {
        assertThat(departures().settings())
                .isEqualTo(new Found<>(List.of(), unknown("cluster2", "cluster3")));
    }

    private static LackedGroup lacked(String group, String... missingIn) {
        return new LackedGroup(group, Stream.of(missingIn).map(ClusterName::new).toList());
    }

    private static Found<LackedGroup> only(LackedGroup... groups) {
        return new Found<>(List.of(groups), unknown());
    }

    private static SortedSet<ClusterName> unknown(String... members) {
        return Stream.of(members)
                .map(ClusterName::new)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Found<LackedGroup> groups() {
        return departures().groups();
    }

    private Departures departures() {
        return Departures.of(
                FakeHoldings.HERE, holdings, it -> !it.namespace().equals("kube-system"));
    }
}
