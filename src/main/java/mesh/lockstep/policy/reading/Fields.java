package mesh.lockstep.policy.reading;

import static mesh.lockstep.policy.reading.Shape.Leaf.FLAG;
import static mesh.lockstep.policy.reading.Shape.Leaf.IGNORED;
import static mesh.lockstep.policy.reading.Shape.Leaf.TEXT;
import static mesh.lockstep.policy.reading.Shape.Leaf.TEXT_OR_WHOLE_NUMBER;
import static mesh.lockstep.policy.reading.Shape.Leaf.WHOLE_NUMBER;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.policy.reading.Shape.Each;
import mesh.lockstep.policy.reading.Shape.Known;
import mesh.lockstep.policy.reading.Shape.Values;

/// The fields that are read, and their types: those of the CRD of Cilium
/// (`pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml`; the clusterwide kind has
/// the same). What is not here belongs to another version; it is compared as written.
///
/// A number may be written in several ways:
///
/// ```yaml
/// endPort: 90      endPort: 90.0
/// ```
final class Fields {

    static final Known SELECTOR =
            fields(
                    "matchLabels", new Values(TEXT),
                    "matchExpressions",
                            new Each(
                                    fields(
                                                    "key", TEXT,
                                                    "operator", TEXT,
                                                    "values", new Each(TEXT))
                                            .requiring("key", "operator")));

    private static final Known SECRET = fields("namespace", TEXT, "name", TEXT).requiring("name");

    private static final Known TLS =
            fields("secret", SECRET, "trustedCA", TEXT, "certificate", TEXT, "privateKey", TEXT)
                    .requiring("secret");

    private static final Known DNS =
            fields("matchName", TEXT, "matchPattern", TEXT).withOneOf("matchName", "matchPattern");

    private static final Known HEADER_MATCH =
            fields("name", TEXT, "value", TEXT, "mismatch", TEXT, "secret", SECRET)
                    .requiring("name");

    private static final Known HTTP =
            fields(
                    "path", TEXT,
                    "method", TEXT,
                    "host", TEXT,
                    "headers", new Each(TEXT),
                    "headerMatches", new Each(HEADER_MATCH));

    private static final Known LISTENER =
            fields(
                            "name", TEXT,
                            "priority", WHOLE_NUMBER,
                            "envoyConfig", fields("kind", TEXT, "name", TEXT).requiring("name"))
                    .requiring("name", "envoyConfig");

    private static final Each PORTS =
            new Each(fields("port", TEXT, "endPort", WHOLE_NUMBER, "protocol", TEXT));

    private static final Known PORT_RULE =
            fields(
                    "ports", PORTS,
                    "terminatingTLS", TLS,
                    "originatingTLS", TLS,
                    "serverNames", new Each(TEXT),
                    "listener", LISTENER,
                    "rules",
                            fields("http", new Each(HTTP), "dns", new Each(DNS))
                                    .withOneOf("http", "dns"));

    private static final Known CIDR_SET =
            fields(
                            "cidr", TEXT,
                            "cidrGroupRef", TEXT,
                            "cidrGroupSelector", SELECTOR,
                            "except", new Each(TEXT))
                    .withOneOf("cidr", "cidrGroupRef", "cidrGroupSelector");

    private static final Known GROUP =
            fields(
                    "aws",
                    fields(
                            "labels", new Values(TEXT),
                            "securityGroupsIds", new Each(TEXT),
                            "securityGroupsNames", new Each(TEXT),
                            "region", TEXT));

    private static final Known SERVICE =
            fields(
                    "k8sService", fields("serviceName", TEXT, "namespace", TEXT),
                    "k8sServiceSelector",
                            fields("selector", SELECTOR, "namespace", TEXT).requiring("selector"));

    private static final Known ICMP =
            fields(
                    "fields",
                    new Each(
                            fields("family", TEXT, "type", TEXT_OR_WHOLE_NUMBER)
                                    .requiring("type")));

    /// Fields of all sections, the names of peers without their side.
    private static final Map<String, Shape> PEERS =
            Map.of(
                    "Endpoints", new Each(SELECTOR),
                    "Nodes", new Each(SELECTOR),
                    "Entities", new Each(TEXT),
                    "CIDR", new Each(TEXT),
                    "CIDRSet", new Each(CIDR_SET),
                    "Groups", new Each(GROUP),
                    "Requires", new Each(IGNORED));

    private Fields() {}

    private static final Map<Section, Known> ENTRIES =
            Stream.of(Section.values())
                    .collect(Collectors.toMap(section -> section, Fields::ofEntry));

    /// The fields of an entry of a section.
    static Known entry(Section section) {
        return Objects.requireNonNull(ENTRIES.get(section));
    }

    private static Known ofEntry(Section section) {
        var fields = new HashMap<String, Shape>();
        PEERS.forEach((kind, shape) -> fields.put(section.side() + kind, shape));
        fields.put("icmps", new Each(ICMP));
        if (section.allows()) {
            fields.put("toPorts", new Each(PORT_RULE));
            fields.put("authentication", fields("mode", TEXT).requiring("mode"));
        } else {
            fields.put("toPorts", new Each(fields("ports", PORTS)));
        }
        if (!section.ingress()) {
            fields.put("toServices", new Each(SERVICE));
        }
        if (section == Section.EGRESS) {
            fields.put("toFQDNs", new Each(DNS));
        }
        return new Known(Map.copyOf(fields), Set.of(), Set.of());
    }

    /// The fields of a rule, without those of its entries.
    static final Known RULE =
            fields(
                            "endpointSelector",
                            SELECTOR,
                            "nodeSelector",
                            SELECTOR,
                            "ingress",
                            new Each(IGNORED),
                            "ingressDeny",
                            new Each(IGNORED),
                            "egress",
                            new Each(IGNORED),
                            "egressDeny",
                            new Each(IGNORED),
                            "enableDefaultDeny",
                            fields("ingress", FLAG, "egress", FLAG),
                            "description",
                            IGNORED,
                            "labels",
                            IGNORED,
                            "log",
                            IGNORED)
                    .withOneOf("endpointSelector", "nodeSelector");

    private static final BigDecimal SMALLEST = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Integer.MAX_VALUE);

    /// Whether this is a whole number of 32 bits, `90.0` included.
    static boolean isWhole(JsonNode node) {
        if (!node.isNumber()) {
            return false;
        }
        // Without writing it out: 1e999999999 is a whole number too.
        var value = node.decimalValue().stripTrailingZeros();
        return value.scale() <= 0
                && value.compareTo(SMALLEST) >= 0
                && value.compareTo(LARGEST) <= 0;
    }

    /// A whole number; 0 where nothing is written.
    static int number(JsonNode node) {
        return node.isMissingNode() ? 0 : node.decimalValue().intValueExact();
    }

    private static Known fields(Object... namesAndShapes) {
        var fields = new HashMap<String, Shape>();
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            fields.put((String) namesAndShapes[i], (Shape) namesAndShapes[i + 1]);
        }
        return new Known(Map.copyOf(fields), Set.of(), Set.of());
    }
}
