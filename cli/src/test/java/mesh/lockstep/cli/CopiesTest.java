package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.PeerView;
import org.junit.jupiter.api.Test;

class CopiesTest {

    private static final PolicyKey KEY =
            new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "default", "allow-api");
    private static final Members ALL = new Members.All();

    @Test
    void aDifferenceIsWorseThanAGapAndAGapThanNotKnowing() {
        assertThat(of(holds(1, 7, ALL), holds(2, 7, ALL)).standing()).isEqualTo(Standing.AGREES);
        assertThat(of(holds(1, 7, ALL), holds(2, 7, ALL), unknown(3)).standing())
                .isEqualTo(Standing.UNKNOWN);
        assertThat(of(holds(1, 7, ALL), holds(2, 7, ALL), unknown(3), lacks(4)).standing())
                .isEqualTo(Standing.MISSING);
        assertThat(of(holds(1, 7, ALL), holds(2, 8, ALL), unknown(3), lacks(4)).standing())
                .isEqualTo(Standing.DIFFERS);
    }

    @Test
    void whatIsItsOwnAffairDoesNotCount() {
        assertThat(of(holds(1, 7, ALL), new PeerView.Apart(name(2))).standing())
                .isEqualTo(Standing.EXEMPT);
        assertThat(of(holds(1, 7, new Members.Local()), lacks(2)).standing())
                .isEqualTo(Standing.EXEMPT);
    }

    /// Only cluster2 is to have it, and of those that lack it, only cluster2 misses it.
    @Test
    void itIsMissedWhereItIsMeantToBe() {
        var some = new Members.Only(new TreeSet<>(Set.of(name(1), name(2))));

        var copies = of(holds(1, 7, some), lacks(2), lacks(3));

        assertThat(copies.missing()).extracting(PeerView::peer).containsExactly(name(2));
        var words = MemberWords.of(copies);
        assertThat(copies.views().stream().map(words::of))
                .containsExactly("A", "missing", "not meant");
    }

    @Test
    void whatTheMostHaveIsCalledA() {
        var copies = of(holds(1, 8, ALL), holds(2, 7, ALL), holds(3, 7, ALL));

        assertThat(copies.variants().getFirst().holders())
                .extracting(PeerView::peer)
                .containsExactly(name(2), name(3));
        var words = MemberWords.of(copies);
        assertThat(copies.views().stream().map(words::of)).containsExactly("B", "A", "A");
    }

    /// The shortcut for large meshes finds what comparing all pairs finds.
    @Test
    void manyMembersStandAsFewOfThemDo() {
        var views = new ArrayList<PeerView>();
        for (int i = 1; i <= 300; i++) {
            views.add(holds(i, 7, ALL));
        }
        assertThat(Copies.of(KEY, views, Survey.SCOPE).standing()).isEqualTo(Standing.AGREES);
        views.add(holds(301, 8, ALL));
        assertThat(Copies.of(KEY, views, Survey.SCOPE).standing()).isEqualTo(Standing.DIFFERS);
        views.set(300, lacks(301));
        assertThat(Copies.of(KEY, views, Survey.SCOPE).standing()).isEqualTo(Standing.MISSING);
        views.set(300, new PeerView.Apart(name(301)));
        assertThat(Copies.of(KEY, views, Survey.SCOPE).standing()).isEqualTo(Standing.AGREES);
    }

    /// The shortcut takes no member for another that stands otherwise.
    @Test
    void whoMissesItIsSeenBesideThoseThatDoNot() {
        var some = new Members.Only(new TreeSet<>(Set.of(name(1), name(3))));

        assertThat(of(holds(1, 7, ALL), new PeerView.Apart(name(2)), lacks(3)).standing())
                .isEqualTo(Standing.MISSING);
        assertThat(of(holds(1, 7, some), lacks(2), lacks(3)).standing())
                .isEqualTo(Standing.MISSING);
    }

    @Test
    void thePoliciesOfTheSystemAreNotCompared() {
        var key = new PolicyKey(KEY.kind(), "kube-system", "x");

        assertThat(Copies.of(key, List.of(holds(1, 7, ALL), lacks(2)), Survey.SCOPE).standing())
                .isEqualTo(Standing.EXEMPT);
    }

    private static Copies of(PeerView... views) {
        return Copies.of(KEY, List.of(views), Survey.SCOPE);
    }

    private static PeerView holds(int number, long digest, Members members) {
        var version = new Version(new Digest(digest, 0, 0, 0), members);
        return new PeerView.Holds(name(number), version, Revision.NONE);
    }

    private static PeerView lacks(int number) {
        return new PeerView.Lacks(name(number));
    }

    private static PeerView unknown(int number) {
        return new PeerView.Unknown(name(number), "connection refused");
    }

    private static ClusterName name(int number) {
        return new ClusterName("cluster" + number);
    }
}
