package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.difference.Difference;
import mesh.lockstep.policy.Meaning;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.support.Policies;
import mesh.lockstep.support.Rewrite;
import mesh.lockstep.support.Rewrite.Variant;
import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must be true of all policies: here of one that uses every field, and says nothing twice.
class EqualityPropertiesTest {

    private static final JsonNode RICH =
            Yaml.read(
                    """
                    endpointSelector:
                      matchLabels: {app: api, container:id: x}
                      matchExpressions:
                      - {key: tier, operator: In, values: [back, middle]}
                      - {key: old, operator: DoesNotExist}
                    enableDefaultDeny: {egress: false}
                    ingress:
                    - fromEndpoints:
                      - matchLabels: {app: web, io.cilium.k8s.policy.cluster: cluster2}
                      - matchExpressions: [{key: k8s:io.kubernetes.pod.namespace, operator: In, values: [shop]}]
                      authentication: {mode: required}
                      toPorts:
                      - ports: [{port: "8080", protocol: TCP}]
                        rules:
                          http:
                          - {path: /a, method: GET, host: h, headers: ["X-A: 1", X-B]}
                          - headerMatches:
                            - {name: X-C, value: "2", mismatch: LOG, secret: {name: s, namespace: n}}
                    - fromEntities: [host, world]
                      toPorts: [{ports: [{port: http, endPort: 9000, protocol: UDP}]}]
                    - fromNodes: [{matchLabels: {r: x}}]
                      icmps: [{fields: [{type: 8}, {type: PacketTooBig, family: IPv6}]}]
                    - fromCIDRSet:
                      - {cidr: 10.0.0.0/8, except: [10.16.0.0/12]}
                      - {cidrGroupRef: g, except: [10.32.0.0/12]}
                      - {cidrGroupSelector: {matchLabels: {zone: a}}}
                    - fromGroups: [{aws: {securityGroupsIds: [i], securityGroupsNames: [n], region: r, labels: {a: b}}}]
                    ingressDeny:
                    - fromCIDR: [192.168.0.0/16]
                      toPorts: [{ports: [{port: "22", endPort: 25}]}]
                    egress:
                    - toFQDNs: [{matchName: a.example.com}, {matchPattern: "*.example.org"}]
                      toPorts:
                      - ports: [{port: "443", protocol: TCP}]
                        serverNames: [a.example.com]
                        terminatingTLS: {secret: {name: t, namespace: n}, trustedCA: c, certificate: d, privateKey: e}
                        originatingTLS: {secret: {name: o}}
                    - toServices:
                      - {k8sService: {serviceName: db, namespace: data}}
                      - {k8sServiceSelector: {namespace: data, selector: {matchLabels: {app: queue}}}}
                    - toEndpoints: [{matchLabels: {app: dns}}]
                      toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchName: b.c}, {matchPattern: "*.d"}]}}]
                    - toEntities: [all]
                      toPorts: [{ports: [{port: "99"}], listener: {name: l, priority: 7, envoyConfig: {name: c, kind: CiliumEnvoyConfig}}}]
                    egressDeny:
                    - toNodes: [{matchLabels: {r: y}}]
                    """);

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    static Stream<Variant> changes() {
        return Rewrite.changed("", RICH).stream()
                .map(it -> new Variant(it.path().substring(1), it.tree()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void orderAndRepetitionNeverMatter(int seed) {
        var shuffled = read(Rewrite.shuffled(RICH, true, new Random(seed)));

        assertSame(read(RICH), shuffled);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyChangeOfAValueMattersAndIsShownInItsPlace(Variant change) {
        var changed = read(change.tree());

        assertThat(changed.meaning()).isNotEqualTo(read(RICH).meaning());
        assertThat(changed.meaning().digest()).isNotEqualTo(read(RICH).meaning().digest());
        assertThat(Policies.differences(changed, read(RICH)))
                .singleElement()
                .extracting(Difference::path)
                .isEqualTo(change.path());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aChangeIsShownAmongThingsThatOnlyLookDifferent(int seed) {
        var random = new Random(seed);
        var all = changes().toList();
        var change = all.get(random.nextInt(all.size()));
        var here = read(RICH);
        var there = read(Rewrite.shuffled(change.tree(), false, random));

        assertThat(Policies.differences(here, there)).isNotEmpty().hasSizeLessThan(3);
        assertThat(Policies.differences(there, here)).isNotEmpty().hasSizeLessThan(3);
    }

    @Test
    void readsTheRichPolicyAsCiliumDoes() {
        assertThat(read(RICH).meaning().asWritten()).isEmpty();
        assertThat(changes()).hasSizeGreaterThan(70);
    }

    @Test
    void specsForSpecAndOneRuleForEachEntryNeverMatter() {
        var object = JsonNodeFactory.instance.objectNode();
        var specs = object.putArray("specs");
        for (var section : Section.values()) {
            for (var entry : RICH.path(section.field())) {
                var rule = RICH.<ObjectNode>deepCopy();
                for (var other : Section.values()) {
                    rule.remove(other.field());
                }
                rule.putArray(section.field()).add(entry);
                specs.add(rule);
            }
        }

        assertSame(read(RICH), Policies.read(Policies.KEY, object));
    }

    @Test
    void metadataAndStatusNeverMatter() {
        var object = JsonNodeFactory.instance.objectNode();
        object.set("spec", RICH);
        object.putObject("metadata").put("uid", "1").putObject("labels").put("a", "b");
        object.putObject("status").putArray("conditions").addObject().put("type", "Valid");

        assertSame(read(RICH), Policies.read(Policies.KEY, object));
    }

    @Test
    void samenessIsSymmetricAndDigestsTellIt() throws IOException {
        var meanings =
                EqualityFilesTest.all()
                        .flatMap(it -> Stream.of(it.one(), it.other()))
                        .map(Policy::meaning)
                        .toList();
        var digests = meanings.stream().map(Meaning::digest).toList();
        for (int i = 0; i < meanings.size(); i++) {
            for (int j = 0; j < i; j++) {
                var same = meanings.get(i).equals(meanings.get(j));
                if (meanings.get(j).equals(meanings.get(i)) != same
                        || digests.get(i).equals(digests.get(j)) != same) {
                    fail("%s and %s", meanings.get(i), meanings.get(j));
                }
            }
        }
    }

    private static Policy read(JsonNode spec) {
        var object = JsonNodeFactory.instance.objectNode();
        object.set("spec", spec);
        return Policies.read(Policies.KEY, object);
    }

    private static void assertSame(Policy one, Policy other) {
        assertThat(other.meaning()).isEqualTo(one.meaning());
        assertThat(Policies.differences(one, other)).isEmpty();
    }
}
