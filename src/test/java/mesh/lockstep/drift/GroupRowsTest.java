package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupRowsTest {

    private final FakeHoldings holdings = new FakeHoldings("cluster2", "cluster3");

    @Test
    void aGroupThatAPolicyNamesMayBeMissingInMembers() {
        holdings.withGroups("cluster1", "partners", "offices", "unused")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3", "offices", "partners")
                .naming("default", "partners", "all")
                .naming("default", "offices", "all");

        assertThat(rows()).isEqualTo(only(new GroupRow("offices", List.of("cluster2"))));
    }

    @Test
    void findsAGroupThatIsMissingHereOrEverywhere() {
        holdings.withGroups("cluster1")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3", "partners")
                .naming("default", "partners", "all")
                .naming("default", "typo", "all");

        assertThat(rows())
                .isEqualTo(
                        only(
                                new GroupRow("partners", List.of("cluster1")),
                                new GroupRow("typo", List.of("cluster1", "cluster2", "cluster3"))));
    }

    @Test
    void onlyMembersCountForWhichThePolicyIsMeant() {
        holdings.withGroups("cluster1", "partners")
                .withGroups("cluster2")
                .withGroups("cluster3")
                .naming("default", "partners", "cluster1,cluster3")
                .naming("default", "own", "local");

        assertThat(rows())
                .isEqualTo(
                        only(
                                new GroupRow("own", List.of("cluster1")),
                                new GroupRow("partners", List.of("cluster3"))));
    }

    @Test
    void onlyPoliciesCountThatAreCompared() {
        holdings.withGroups("cluster1")
                .withGroups("cluster2")
                .withGroups("cluster3")
                .naming("kube-system", "partners", "all");

        assertThat(rows()).isEqualTo(GroupRows.NONE);
    }

    @Test
    void saysWhoseGroupsAreNotKnown() {
        holdings.withGroups("cluster2", "partners").naming("default", "partners", "all");

        assertThat(rows()).isEqualTo(new GroupRows(List.of(), List.of("cluster1", "cluster3")));
    }

    @Test
    void namesTheFirstMembersAndCountsTheRest() {
        var names = IntStream.range(1, 8).mapToObj(it -> "m" + it).toList();

        assertThat(new GroupRow("partners", names).members())
                .isEqualTo("m1, m2, m3, m4, m5 and 2 more");
    }

    private static GroupRows only(GroupRow... rows) {
        return new GroupRows(List.of(rows), List.of());
    }

    private GroupRows rows() {
        return GroupRows.of(
                FakeHoldings.HERE, holdings, it -> !it.namespace().equals("kube-system"));
    }
}
