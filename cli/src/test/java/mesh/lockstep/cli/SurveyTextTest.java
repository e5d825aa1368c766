package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Digest;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.PeerView;
import org.junit.jupiter.api.Test;

class SurveyTextTest {

    @Test
    void putsPoliciesAndClustersSideBySide() {
        var text = new SurveyText(survey(7, 7, 7), true, 4);

        assertThat(printed(text, false))
                .isEqualTo(
                        """
                        STATE    KIND   NAMESPACE   NAME       cluster1   cluster2   cluster3
                        Agrees   cnp    default     policy-7   A          A          A

                        SETTING         cluster1   cluster2   cluster3
                        enable-policy   default    never      unknown

                        CIDR GROUP   MISSING IN
                        partners     cluster3

                        1 policy, 3 of 4 clusters: 1 agree
                        """);
    }

    @Test
    void leavesOutWhatAgreesUnlessItIsAskedFor() {
        assertThat(printed(new SurveyText(survey(7, 7, 7), false, 3), false))
                .doesNotContain("policy-7")
                .endsWith("1 policy, 3 clusters: 1 agree\n");
        assertThat(printed(new SurveyText(survey(7, 8, -1), false, 3), false))
                .contains("Differs   cnp    default     policy-7   A          B          missing")
                .endsWith("1 policy, 3 clusters: 0 agree, 1 differ\n");
    }

    /// More than fit side by side are grouped by what they have.
    @Test
    void groupsManyClusters() {
        var digests = IntStream.range(0, 40).map(it -> it == 5 ? 8 : it == 7 ? -1 : 7).toArray();

        assertThat(printed(new SurveyText(survey(digests), false, 40), false))
                .contains("policy-7   A in 38; B in cluster6; missing in cluster8");
    }

    @Test
    void hasColorOnlyWhereItIsSaidTo() {
        var text = new SurveyText(survey(7, 8, 8), false, 3);

        assertThat(printed(text, false)).doesNotContain("\u001b");
        assertThat(printed(text, true)).contains("\u001b[31mDiffers\u001b[0m");
        assertThat(printed(text, true).replaceAll("\u001b\\[\\d+m", ""))
                .isEqualTo(printed(text, false));
    }

    private static String printed(SurveyText text, boolean colored) {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        text.print(new Terminal(out, out, colored, false));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// @param digests one for each member; negative: it lacks the policy
    private static Survey survey(int... digests) {
        var views = new ArrayList<PeerView>();
        for (int digest : digests) {
            var name = new ClusterName("cluster" + (views.size() + 1));
            var version = new Version(new Digest(digest, 0, 0, 0), new Members.All());
            views.add(
                    digest < 0
                            ? new PeerView.Lacks(name)
                            : new PeerView.Holds(name, version, Revision.NONE));
        }
        var key = new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "default", "policy-7");
        var names = views.stream().map(PeerView::peer).toList();
        SortedMap<String, SortedMap<ClusterName, String>> settings = new TreeMap<>();
        SortedMap<String, SortedSet<ClusterName>> groups = new TreeMap<>();
        if (Arrays.stream(digests).allMatch(it -> it == 7)) {
            var values = new TreeMap<ClusterName, String>();
            values.put(names.get(0), "default");
            values.put(names.get(1), "never");
            settings.put("enable-policy", values);
            groups.put("partners", new TreeSet<>(Set.of(names.get(2))));
        }
        return new Survey(
                names,
                List.of(Copies.of(key, views, Survey.SCOPE)),
                settings,
                groups,
                new TreeSet<>());
    }
}
