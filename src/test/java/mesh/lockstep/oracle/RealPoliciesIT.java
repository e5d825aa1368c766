package mesh.lockstep.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.oracle.RealPolicies.Real;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Cilium's own example policies, written to a real API server and read back.
class RealPoliciesIT {

    private static final int AT_LEAST = 130;

    /// Two are older than the present schema, three are filled in before they are applied.
    private static final List<String> REFUSED =
            List.of(
                    "examples/policies/auth/auth.yaml#0",
                    "examples/policies/l3/requires/requires.yaml#0",
                    "test/k8s/manifests/ccnp-host-ingress-from-cidr-to-ports.yaml#0",
                    "test/k8s/manifests/ccnp-host-policy-nodeport-tests.yaml#0",
                    "test/k8s/manifests/cnp-ingress-from-cidr-to-ports.yaml#0");

    private static final Kubectl KUBECTL = Mesh.bare().kubectl("cluster1");

    private static RealPolicies policies;

    @BeforeAll
    static void start() {
        policies = new RealPolicies();
        namespaces().forEach(it -> KUBECTL.run("create", "namespace", it));
    }

    private static List<String> namespaces() {
        return policies.all().stream()
                .map(Real::namespace)
                .filter(it -> !it.isEmpty() && !it.equals("default"))
                .distinct()
                .toList();
    }

    @AfterAll
    static void leaveNone() {
        for (var kind : List.of("cnp", "ccnp")) {
            KUBECTL.run("delete", kind, "--all", "--all-namespaces");
        }
        namespaces().forEach(it -> KUBECTL.run("delete", "namespace", it));
    }

    @Test
    void allSettingsArePresent() {
        assertThat(policies.all()).hasSizeGreaterThan(AT_LEAST);
        assertThat(policies.unreadable())
                .containsExactly("test/k8s/manifests/cnp-second-namespaces/templates/policy.yaml");
    }

    @Test
    void areTheSameAfterApplyAndReadingBack() throws IOException {
        assertRoundTrip("applied", "apply", "-f", "-");
    }

    @Test
    void areTheSameAfterServerSideApplyAndReadingBack() throws IOException {
        assertRoundTrip("served", "apply", "--server-side", "-f", "-");
    }

    @Test
    void areTheSameInAnotherOrder() {
        var stored = stored();
        for (var index = 0; index < stored.size(); index++) {
            var real = stored.get(index);
            for (var time = 0; time < 3; time++) {
                var shuffled = real.rules().deepCopy();
                OrderRewrites.shuffle(shuffled, Dice.of(time, index));

                assertSame(real, shuffled);
            }
        }
    }

    @Test
    void areTheSameWithSpecsForSpec() {
        var moved = 0;
        for (var real : stored()) {
            if (real.rules().get("spec") instanceof ObjectNode spec && !real.rules().has("specs")) {
                var other = real.rules().deepCopy();
                other.remove("spec");
                other.putArray("specs").add(spec);

                assertSame(real, other);
                moved++;
            }
        }
        assertThat(moved).isGreaterThan(AT_LEAST / 2);
    }

    /// Some are written in several files; they are the same there too.
    @Test
    void areDifferentFromEachOther() {
        Map<Object, List<Real>> byMeaning =
                stored().stream()
                        .collect(
                                Collectors.groupingBy(
                                        it -> List.of(it.kind(), it.namespace(), meaning(it))));

        assertThat(byMeaning).hasSizeGreaterThan(AT_LEAST / 2);
        for (var alike : byMeaning.values()) {
            assertThat(alike.stream().map(it -> bare(it.rules())).distinct())
                    .as("taken for the same: " + alike.stream().map(Real::source).toList())
                    .hasSize(1);
        }
    }

    /// None is compared as written: Cilium would accept them all.
    @Test
    void areReadByWhatTheyMean() {
        assertThat(stored()).filteredOn(it -> meaning(it).asWritten().isPresent()).isEmpty();
    }

    private static List<Real> stored() {
        return policies.all().stream().filter(it -> !REFUSED.contains(it.source())).toList();
    }

    private static void assertRoundTrip(String prefix, String... verb) throws IOException {
        var readBack = new HashMap<String, JsonNode>();
        var manifests =
                IntStream.range(0, policies.all().size())
                        .mapToObj(it -> policies.all().get(it).manifest(prefix + "-" + it))
                        .map(it -> new String(Yaml.json(it), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("\n---\n"));
        var applied = KUBECTL.runWithInput(manifests, verb);
        for (var plural : List.of("ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies")) {
            var got = KUBECTL.run("get", plural, "--all-namespaces", "-o", "json");
            var list = StrictJson.read(got.out().getBytes(StandardCharsets.UTF_8));
            for (var item : list.path("items")) {
                readBack.put(item.path("metadata").path("name").asText(), item);
            }
        }
        var refused = new ArrayList<String>();
        for (var index = 0; index < policies.all().size(); index++) {
            var real = policies.all().get(index);
            var stored = Optional.ofNullable(readBack.get(prefix + "-" + index));
            if (stored.isPresent()) {
                assertSame(real, stored.get());
            } else {
                refused.add(real.source());
            }
        }
        assertThat(refused).as(applied.err()).containsExactlyElementsOf(REFUSED);
    }

    private static void assertSame(Real real, JsonNode other) {
        var one = Policies.read(real.key(), real.rules());
        var two = Policies.read(real.key(), other);

        assertThat(two.meaning()).as(real.source()).isEqualTo(one.meaning());
        assertThat(Policies.differences(one, two)).as(real.source()).isEmpty();
    }

    private static Meaning meaning(Real real) {
        return Policies.read(real.key(), real.rules()).meaning();
    }

    /// The rules without what no verdict depends on.
    private static JsonNode bare(ObjectNode rules) {
        var bare = rules.deepCopy();
        for (var place : Place.all(bare)) {
            if (place.field().equals("description")) {
                place.remove();
            }
        }
        return bare;
    }
}
