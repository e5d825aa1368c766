package mesh.lockstep.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Objection.ByCilium;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final ClusterName PEER = new ClusterName("cluster2");

    @Test
    void showsOnlyWhatDiffersOrIsUnknownTheWorstFirst() {
        var all =
                List.of(
                        condition("default", "sync", State.IN_SYNC),
                        condition("default", "unknown", State.UNKNOWN),
                        condition("default", "exempt", State.EXEMPT),
                        condition("default", "rollout", State.ROLLING_OUT),
                        condition("default", "diverged", State.DIVERGED));

        assertThat(names(new Selection(Optional.empty(), false, 1).of(all)))
                .containsExactly("diverged", "rollout", "unknown");
        assertThat(new Selection(Optional.empty(), false, 1).of(all).unknown()).isEqualTo(1);
        assertThat(names(new Selection(Optional.empty(), true, 1).of(all)))
                .containsExactly("diverged", "rollout", "unknown", "sync", "exempt");
    }

    /// Also one that differs from nobody: it is not on the page of what differs.
    @Test
    void listsWhatIsNotEnforced() {
        var overview = overview(Departures.NONE, unenforced("a"));

        assertThat(OverviewText.of(overview))
                .endsWith(
                        """
                        NOT ENFORCED   WHY
                        default/a      cluster2's Cilium calls it invalid: no such entity
                        """);
        assertThat(OverviewJson.of(overview).path("unenforced"))
                .hasToString(
                        "{\"more\":0,\"policies\":[{\"kind\":\"CiliumNetworkPolicy\",\"namespace\":\"default\","
                                + "\"name\":\"a\",\"members\":[{\"name\":\"cluster2\",\"why\":"
                                + "[\"cluster2's Cilium calls it invalid: no such entity\"]}]}]}");
    }

    @Test
    void listsTheFirstOfManyThatAreNotEnforced() {
        var all = IntStream.range(100, 180).mapToObj(it -> unenforced("p" + it)).toList();

        var table = UnenforcedTable.of(all, new Discretion(false)).table();

        assertThat(table.rows()).hasSize(51);
        assertThat(table.rows().getFirst())
                .extracting(DepartureTable.Cell::text)
                .containsExactly("default/p100", "cluster2's Cilium calls it invalid");
        assertThat(table.rows().getLast().getFirst().text()).isEqualTo("and 30 more");
    }

    private static Condition unenforced(String name) {
        var sync = condition("default", name, State.IN_SYNC);
        return new Condition(
                sync.key(),
                sync.state(),
                sync.revision(),
                sync.relations(),
                sync.unexplained(),
                new TreeMap<>(Map.of(PEER, List.of(new ByCilium("no such entity")))));
    }

    @Test
    void showsOneNamespace() {
        var all =
                List.of(
                        condition("default", "a", State.DIVERGED),
                        condition("payments", "b", State.DIVERGED));

        assertThat(names(new Selection(Optional.of("payments"), false, 1).of(all)))
                .containsExactly("b");
    }

    @Test
    void showsAPageAtATime() {
        var all = new ArrayList<Condition>();
        for (int i = 100; i < 220; i++) {
            all.add(condition("default", "p" + i, State.DIVERGED));
        }

        var second = new Selection(Optional.empty(), false, 2).of(all);
        assertThat(names(second)).hasSize(50).startsWith("p150").endsWith("p199");
        assertThat(second.last()).isEqualTo(3);
        assertThat(names(new Selection(Optional.empty(), false, 99).of(all))).hasSize(20);
        assertThat(names(new Selection(Optional.empty(), false, 0).of(all))).startsWith("p100");
        assertThat(new Selection(Optional.empty(), false, 1).of(List.of()).last()).isEqualTo(1);
    }

    @Test
    void isATableForATerminal() {
        var overview = overview(Departures.NONE, condition("default", "allow-api", State.DIVERGED));

        assertThat(OverviewText.of(overview))
                .isEqualTo(
                        """
                        STATE      KIND                  NAMESPACE   NAME        FIRST SEEN             PEERS
                        Diverged   CiliumNetworkPolicy   default     allow-api   2026-01-01T00:00:00Z   cluster2
                        cluster1: policies shown 1 of 1, page 1 of 1
                        """);
    }

    @Test
    void showsATerminalWhatMakesPoliciesWorkDifferently() {
        var overview =
                overview(
                        new Departures(
                                new Found<>(
                                        List.of(
                                                new OtherSetting(
                                                        "enable-policy",
                                                        "default",
                                                        PEER,
                                                        "\u001b[2J"),
                                                new OtherSetting(
                                                        "policy-cidr-match-mode",
                                                        "",
                                                        cluster(3),
                                                        "nodes")),
                                        new TreeSet<>()),
                                new Found<>(
                                        List.of(
                                                new LackedGroup("offices", List.of(cluster(1))),
                                                new LackedGroup(
                                                        "partners", List.of(PEER, cluster(3)))),
                                        new TreeSet<>(List.of(cluster(4), cluster(5))))));

        assertThat(OverviewText.of(overview))
                .isEqualTo(
                        """
                        cluster1: policies shown 0 of 0, page 1 of 1

                        SETTING                  HERE      PEER       THERE
                        enable-policy            default   cluster2   \uFFFD[2J
                        policy-cidr-match-mode   -         cluster3   nodes

                        CIDR GROUP   MISSING IN
                        offices      cluster1
                        partners     cluster2, cluster3

                        CIDR groups could not be read in cluster4, cluster5
                        """);
    }

    @Test
    void showsATerminalNoControlCharactersOfAPeer() {
        var overview =
                overview(
                        Departures.NONE,
                        condition("default", "\u001b]0;owned\u0007", State.MISSING_HERE));

        assertThat(OverviewText.of(overview)).contains("]0;owned").doesNotContain("\u001b");
    }

    private static Overview overview(Departures departures, Condition... conditions) {
        return Overview.of(
                "cluster1",
                Instant.EPOCH,
                List.of(),
                departures,
                List.of(conditions),
                new Selection(Optional.empty(), false, 1),
                new Discretion(true));
    }

    private static ClusterName cluster(int number) {
        return new ClusterName("cluster" + number);
    }

    private static Condition condition(String namespace, String name, State state) {
        var firstSeen = Optional.of(Instant.parse("2026-01-01T00:00:00Z"));
        return Condition.of(
                new PolicyKey(Kind.CILIUM_NETWORK_POLICY, namespace, name),
                Optional.of(Revision.NONE),
                new TreeMap<>(Map.of(PEER, new Relation(state, firstSeen, ""))));
    }

    private static List<String> names(Selection.Page page) {
        return page.conditions().stream().map(it -> it.key().name()).toList();
    }
}
