package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingRowTest {

    private final FakeHoldings holdings = new FakeHoldings("cluster2", "cluster3", "cluster4");

    @Test
    void aGroupThatAPolicyNamesMayBeMissingInAPeer() {
        holdings.withGroups("cluster1", "partners", "offices", "unused")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3", "offices", "partners")
                .naming("partners", "all")
                .naming("offices", "all");

        assertThat(rows()).containsExactly("ciliumcidrgroup/offices present cluster2 missing");
    }

    @Test
    void orHere() {
        holdings.withGroups("cluster1")
                .withGroups("cluster2", "partners")
                .withGroups("cluster3")
                .naming("partners", "all");

        assertThat(rows()).containsExactly("ciliumcidrgroup/partners missing cluster2 present");
    }

    @Test
    void onlyWhereThePolicyIsMeantToBe() {
        holdings.withGroups("cluster1", "partners", "own")
                .withGroups("cluster2")
                .withGroups("cluster3")
                .naming("partners", "cluster1,cluster3")
                .naming("own", "local");

        assertThat(rows()).containsExactly("ciliumcidrgroup/partners present cluster3 missing");
    }

    @Test
    void nothingIsSaidOfWhatIsNotKnown() {
        holdings.withGroups("cluster2", "partners").naming("partners", "all");

        assertThat(rows()).isEmpty();
    }

    private List<String> rows() {
        return SettingRow.of(FakeHoldings.HERE, holdings).stream()
                .map(it -> "%s %s %s %s".formatted(it.setting(), it.here(), it.peer(), it.there()))
                .toList();
    }
}
