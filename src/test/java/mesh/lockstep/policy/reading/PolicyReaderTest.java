package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.Rejection;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Policies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

    @Test
    void keepsMetadataAndStatusOutOfTheMeaning() throws IOException {
        var plain = read("{\"spec\":{\"endpointSelector\":{}}}");
        var dressed =
                read(
                        """
                        {"metadata":{"labels":{"a":"b"},"annotations":{"c":"d"},"uid":"1"},
                         "spec":{"endpointSelector":{}},"status":{"conditions":[]}}""");

        assertThat(dressed.meaning()).isEqualTo(plain.meaning());
    }

    /// From what is kept of a policy while it is read; and not by its name or its labels alone.
    @Test
    void takesWhatCiliumDerivesForItsOwnClustersAlone() throws IOException {
        var derived =
                """
                {"metadata":{"name":"pay-togroups-0-1","labels":{
                 "io.cilium.network.policy.kind":"derivative",
                 "io.cilium.network.policy.parent.uuid":"0-1"}},"spec":{}}""";

        assertThat(members(derived)).isEqualTo(new Members.Local());
        assertThat(members(derived.replace("derivative", "other"))).isEqualTo(new Members.All());
        assertThat(members(derived.replace("pay-togroups-0-1", "pay")))
                .isEqualTo(new Members.All());
        assertThat(members(derived.replace("uuid\":\"0-1", "uuid\":\"")))
                .isEqualTo(new Members.All());
    }

    private static final String NAMES_CLUSTER1 =
            """
            {"metadata":{"annotations":{"lockstep.mesh/relative":"%s"}},"spec":{"endpointSelector":{},
             "ingress":[{"fromEndpoints":[{"matchLabels":{"io.cilium.k8s.policy.cluster":"cluster1"}}]}]}}""";

    @Test
    void readsRulesThatTwoCopiesHaveInCommonOnce() throws IOException {
        var reader = new PolicyReader();
        var object = tree(NAMES_CLUSTER1.formatted("neither"));
        var plain = tree(NAMES_CLUSTER1.formatted("false"));

        var one = reader.read(Policies.KEY, object);
        var other = reader.read(Policies.KEY, plain, one);

        assertThat(other.meaning()).isSameAs(one.meaning());
        assertThat(other.intent()).isNotEqualTo(one.intent());
    }

    /// Each of the others reads the same words in another way.
    @Test
    void readsRulesAgainThatMeanSomethingElse() throws IOException {
        var reader = new PolicyReader().in(new ClusterName("cluster1"));
        var object = tree(NAMES_CLUSTER1.formatted("false"));
        var changed = tree(NAMES_CLUSTER1.formatted("false").replace("cluster1", "cluster2"));
        var relative = tree(NAMES_CLUSTER1.formatted("true"));
        var elsewhere = new PolicyKey(PolicyKey.Kind.CILIUM_NETWORK_POLICY, "other", "allow-api");
        var everywhere = new PolicyReader(new Settings(false));
        var one = reader.read(Policies.KEY, object);

        assertThat(
                        List.of(
                                reader.read(Policies.KEY, changed, one).meaning(),
                                reader.read(Policies.KEY, relative, one).meaning(),
                                reader.read(elsewhere, object, one).meaning()))
                .containsExactly(
                        reader.read(Policies.KEY, changed).meaning(),
                        reader.read(Policies.KEY, relative).meaning(),
                        reader.read(elsewhere, object).meaning())
                .doesNotContain(one.meaning());
        assertThat(everywhere.read(Policies.KEY, object, one).meaning()).isNotSameAs(one.meaning());
    }

    private static JsonNode tree(String json) throws IOException {
        return StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Members members(String object) throws IOException {
        var kept = StrictJson.read(object.getBytes(StandardCharsets.UTF_8), Keep.POLICY);
        return new PolicyReader().read(Policies.KEY, kept).intent().members();
    }

    @Test
    void readsASpecThatIsAStringAsWritten() throws IOException {
        var text = read("{\"spec\":\"ingress\"}");
        var other = read("{\"spec\":\"egress\"}");

        assertThat(text.meaning()).isNotEqualTo(other.meaning());
        assertThat(text.meaning().statements()).hasSize(1);
    }

    @Test
    void tellsAPolicyWithoutASpecFromOneThatSaysNothing() throws IOException {
        var none = read("{}");
        // No pod of one namespace is in another: the policy is valid and applies to nobody.
        var nobody =
                read(
                        """
                        {"spec":{"endpointSelector":{"matchLabels":{"io.kubernetes.pod.namespace":"x"}},
                         "ingress":[{}]}}""");

        assertThat(none.meaning().asWritten()).contains("neither spec nor specs");
        assertThat(nobody.meaning().asWritten()).isEmpty();
        assertThat(nobody.meaning().statements()).isEmpty();
        assertThat(none.meaning()).isNotEqualTo(nobody.meaning());
    }

    @Test
    void keepsAFieldThatItDoesNotKnow() throws IOException {
        var known = read("{\"spec\":{\"endpointSelector\":{},\"ingress\":[{}]}}");
        var unknown = read("{\"spec\":{\"endpointSelector\":{},\"ingress\":[{\"fromMoon\":[]}]}}");

        assertThat(unknown.meaning()).isNotEqualTo(known.meaning());
    }

    @Test
    void keepsApartNumbersThatDifferInTheLastDigit() throws IOException {
        var one = read("{\"spec\":{\"x\":9007199254740993}}");
        var other = read("{\"spec\":{\"x\":9007199254740992}}");

        assertThat(one.meaning()).isNotEqualTo(other.meaning());
    }

    @Test
    void saysWhyAPolicyIsComparedAsWritten() throws IOException {
        var rejected =
                read(
                        """
                        {"spec":{"endpointSelector":{},"ingress":[{"fromEntities":["moon"]}]}}""");

        assertThat(rejected.meaning().asWritten()).contains("unknown entity moon");
        assertThat(rejected.meaning().statements()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}                                        | neither spec nor specs",
                "{'spec':RULE,'specs':[RULE,BAD]}          | specs[1].ingress[1]: unknown entity moon",
                "{'specs':[BAD,RULE]}                      | specs[0].ingress[1]: unknown entity moon",
                "{'spec':BAD,'specs':[BAD]}                | ingress[1]: unknown entity moon",
                "{'spec':RULE,'specs':[EMPTY]}             | specs[0]: no rules for ingress or egress",
                "{'spec':{'nodeSelector':{},'ingress':[{}]}} | nodeSelector in a namespaced policy",
                "{'specs':[]}                              | ",
                "{'spec':RULE}                             | ",
                "{'spec':7}                                | ",
                "{'spec':RULE,'specs':[{'ingress':{}}]}    | ",
                "{'spec':{'endpointSelector':{'matchLabels':{'a':'b','any:a':'c'}},'ingress':[{}]}} | "
            })
    void saysWhereCiliumWouldNotTakeAPolicy(String object, @Nullable String expected)
            throws IOException {
        var rule = "{'endpointSelector':{},'ingress':[{},{'fromEntities':['%s']}]}";
        var read =
                read(
                        object.replace("RULE", rule.formatted("all"))
                                .replace("BAD", rule.formatted("moon"))
                                .replace("EMPTY", "{'endpointSelector':{},'ingress':[]}")
                                .replace('\'', '"'));

        assertThat(read.rejection().map(Rejection::text)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void readsThousandsOfPeersTimesHundredsOfRequestsAsOneStatement() throws IOException {
        var one = product(1000, 300);

        assertThat(one.meaning().asWritten()).isEmpty();
        // The other is default deny.
        assertThat(one.meaning().statements()).hasSize(2);
    }

    @Tag("slow")
    @Test
    void comparesAsWrittenWhatMeansTooMuch() throws IOException {
        // Every peer is in a combination of rules of its own.
        var rules =
                IntStream.range(0, 1000)
                        .mapToObj(
                                i ->
                                        """
                                        {"fromCIDR":[%s],"toPorts":[{"ports":[{"port":"%d"}]}]}"""
                                                .formatted(blocks(i, 1000), i + 1))
                        .collect(Collectors.joining(","));
        var many = read("{\"spec\":{\"endpointSelector\":{},\"ingress\":[" + rules + "]}}");

        assertThat(many.meaning().asWritten()).isPresent();
        assertThat(many.rejection()).isEmpty();
        assertThat(many.meaning().statements()).hasSize(1);
    }

    private static String blocks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"10.%d.%d.0/24\"".formatted(i / 250, i % 250))
                .collect(Collectors.joining(","));
    }

    private static Policy product(int peers, int requests) throws IOException {
        var paths =
                IntStream.range(0, requests)
                        .mapToObj("{\"path\":\"/%d\"}"::formatted)
                        .collect(Collectors.joining(","));
        return read(
                """
                {"spec":{"endpointSelector":{},"ingress":[{"fromCIDR":[%s],
                 "toPorts":[{"ports":[{"port":"80","protocol":"TCP"}],"rules":{"http":[%s]}}]}]}}"""
                        .formatted(blocks(0, peers), paths));
    }

    /// What an object does to its reader harms that object, and it is still compared: here by there
    /// being no settings.
    @Test
    @SuppressWarnings("NullAway") // that is the fault
    void comparesAsWrittenWhatTriggersABugOfOurs() throws IOException {
        var broken = new PolicyReader(null);

        var one = broken.read(Policies.KEY, json(peers("a")));
        var again = broken.read(Policies.KEY, json(peers("a")));
        var other = broken.read(Policies.KEY, json(peers("b")));

        assertThat(one.meaning().asWritten()).contains("a bug in Lockstep, see its log");
        assertThat(one.rejection()).isEmpty();
        assertThat(one.version()).isEqualTo(again.version()).isNotEqualTo(other.version());
    }

    @Test
    void comparesAsWrittenWhatIsTooLargeForATree() throws IOException {
        var one = large("1");
        var again = large("1");
        var other = large("2");

        assertThat(one.meaning().asWritten()).contains("more than 100,000 values");
        assertThat(one.rejection()).isEmpty();
        assertThat(one.version()).isEqualTo(again.version()).isNotEqualTo(other.version());
    }

    private static Policy large(String last) throws IOException {
        var object =
                "{\"spec\":{\"endpointSelector\":{},\"ingress\":[%s%s]}}"
                        .formatted("{},".repeat(StrictJson.MAX_NODES), last);
        return new PolicyReader()
                .read(
                        Policies.KEY,
                        StrictJson.read(object.getBytes(StandardCharsets.UTF_8), Keep.POLICY));
    }

    private static String peers(String app) {
        return """
               {"spec":{"endpointSelector":{},"ingress":[{"fromEndpoints":[{"matchLabels":{"app":"%s"}}]}]}}"""
                .formatted(app);
    }

    private static JsonNode json(String object) throws IOException {
        return StrictJson.read(object.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void digestsEqualMeaningsAlike() {
        assertThat(Policies.withPort(80).meaning().digest())
                .isEqualTo(Policies.withPort(80).meaning().digest())
                .isNotEqualTo(Policies.withPort(81).meaning().digest());
    }

    private static Policy read(String json) throws IOException {
        return new PolicyReader()
                .read(Policies.KEY, StrictJson.read(json.getBytes(StandardCharsets.UTF_8)));
    }
}
