package mesh.lockstep.policy.reading;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Policies that make their reader work, one for each kind of field and each way to multiply, by
/// the number of characters that they are to have.
final class HostilePolicies {

    /// etcd takes no larger ones.
    static final int LARGEST = 1_500_000;

    private static final String EVERYBODY = "\"endpointSelector\":{}";
    private static final String TCP = "\"ports\":[{\"port\":\"80\",\"protocol\":\"TCP\"}]";

    /// Names of one hash code: each letter of `of` is one of two pairs.
    private static final String[] ALIKE = {"Aa", "BB"};

    private HostilePolicies() {}

    /// The rules of each, as JSON.
    static Map<String, IntFunction<String>> all() {
        var all = new LinkedHashMap<String, IntFunction<String>>();
        selectors(all);
        peers(all);
        ports(all);
        requests(all);
        rest(all);
        all.putAll(products());
        return all;
    }

    private static void selectors(Map<String, IntFunction<String>> all) {
        all.put("labels", size -> subject("\"matchLabels\":{" + many(size, "\"k%d\":\"v\"") + "}"));
        all.put(
                "labels of one hash code",
                size -> subject("\"matchLabels\":{" + alike(size, "\"%s\":\"\"") + "}"));
        all.put(
                "a long label",
                size -> subject("\"matchLabels\":{\"a\":\"" + "v".repeat(size) + "\"}"));
        all.put(
                "a long key",
                size ->
                        subject(
                                "\"matchExpressions\":["
                                        + expression("a/".repeat(size / 2), "\"v\"")
                                        + "]"));
        all.put(
                "expressions",
                size ->
                        subject(
                                "\"matchExpressions\":["
                                        + many(size, "{\"key\":\"k%d\",\"operator\":\"Exists\"}")
                                        + "]"));
        all.put(
                "expressions on one label",
                size ->
                        subject(
                                "\"matchExpressions\":["
                                        + many(size, expression("a", "\"v%d\""))
                                        + "]"));
        all.put(
                "values that shrink",
                size ->
                        subject(
                                "\"matchExpressions\":["
                                        + in("a", many(size / 2, "\"v%d\""))
                                        + ","
                                        + many(size / 2, in("a", "\"v1\",\"v%d\""))
                                        + "]"));
        all.put(
                "values",
                size ->
                        subject(
                                "\"matchExpressions\":["
                                        + expression("a", many(size, "\"v%d\""))
                                        + "]"));
    }

    private static void peers(Map<String, IntFunction<String>> all) {
        all.put(
                "selectors of peers",
                size ->
                        ingress(
                                from(
                                        "Endpoints",
                                        many(size, "{\"matchLabels\":{\"a\":\"v%d\"}}"))));
        all.put(
                "one selector again and again",
                size -> ingress(from("Endpoints", many(size, "{}"))));
        all.put(
                "peers of one hash code",
                size ->
                        ingress(
                                from(
                                        "Endpoints",
                                        alike(size, "{\"matchLabels\":{\"a\":\"%s\"}}"))));
        all.put(
                "nodes",
                size -> ingress(from("Nodes", many(size, "{\"matchLabels\":{\"a\":\"v%d\"}}"))));
        all.put("entities", size -> ingress(from("Entities", many(size, "\"cluster\""))));
        all.put("a long entity", size -> ingress(from("Entities", "\"" + "x".repeat(size) + "\"")));
        all.put("blocks", size -> ingress(from("CIDR", many(size, HostilePolicies::block))));
        all.put(
                "blocks of IPv6",
                size ->
                        ingress(
                                from(
                                        "CIDR",
                                        many(
                                                size,
                                                it ->
                                                        "\"2001:db8:%x:%x::/64\""
                                                                .formatted(
                                                                        it / 65536, it % 65536)))));
        all.put(
                "a block of colons",
                size -> ingress(from("CIDR", "\"" + ":".repeat(size) + "/8\"")));
        all.put(
                "a block of digits",
                size -> ingress(from("CIDR", "\"" + "1".repeat(size) + "/8\"")));
        all.put(
                "exceptions",
                size ->
                        ingress(
                                from(
                                        "CIDRSet",
                                        "{\"cidr\":\"10.0.0.0/8\",\"except\":["
                                                + many(size, HostilePolicies::block)
                                                + "]}")));
        all.put(
                "blocks with an exception",
                size ->
                        ingress(
                                from(
                                        "CIDRSet",
                                        many(
                                                size,
                                                it ->
                                                        "{\"cidr\":\"10.%d.0.0/16\",\"except\":[%s]}"
                                                                .formatted(
                                                                        it / 256 % 256,
                                                                        block(it % 65536))))));
        all.put(
                "groups by name",
                size -> ingress(from("CIDRSet", many(size, "{\"cidrGroupRef\":\"g%d\"}"))));
        all.put(
                "a group with a long name",
                size ->
                        ingress(
                                from(
                                        "CIDRSet",
                                        "{\"cidrGroupRef\":\"" + "\\\"".repeat(size / 2) + "\"}")));
        all.put(
                "sets of labels of groups",
                size ->
                        ingress(
                                from(
                                        "CIDRSet",
                                        "{\"cidrGroupSelector\":{\"matchExpressions\":["
                                                + many(size, in("a", "\"v%d\",\"w%d\""))
                                                + "]}}")));
        all.put(
                "growing sets of labels of groups",
                size ->
                        ingress(
                                from(
                                        "CIDRSet",
                                        "{\"cidrGroupSelector\":{\"matchExpressions\":["
                                                + growing(size)
                                                + "]}}")));
        all.put(
                "names",
                size -> egress(to("FQDNs", many(size, "{\"matchName\":\"n%d.example.com\"}"))));
        all.put(
                "a long name",
                size ->
                        egress(
                                to(
                                        "FQDNs",
                                        "{\"matchPattern\":\"" + "*.".repeat(size / 2) + "\"}")));
        all.put(
                "services",
                size ->
                        egress(
                                to(
                                        "Services",
                                        many(size, "{\"k8sService\":{\"serviceName\":\"s%d\"}}"))));
        all.put(
                "services by label",
                size ->
                        egress(
                                to(
                                        "Services",
                                        many(
                                                size,
                                                "{\"k8sServiceSelector\":{\"selector\":{\"matchLabels\":{\"a\":\"v%d\"}}}}"))));
        all.put(
                "security groups",
                size -> ingress(from("Groups", many(size, "{\"aws\":{\"region\":\"r%d\"}}"))));
        all.put(
                "ids of a security group",
                size ->
                        ingress(
                                from(
                                        "Groups",
                                        "{\"aws\":{\"securityGroupsIds\":["
                                                + many(size, "\"i%d\"")
                                                + "]}}")));
    }

    private static void ports(Map<String, IntFunction<String>> all) {
        all.put(
                "ports",
                size ->
                        ingress(
                                toPorts(
                                        many(
                                                size,
                                                it ->
                                                        "{\"ports\":[{\"port\":\"%d\"}]}"
                                                                .formatted(1 + it % 65535)))));
        all.put(
                "named ports",
                size ->
                        ingress(
                                toPorts(
                                        many(
                                                size,
                                                "{\"ports\":[{\"port\":\"p%d\",\"endPort\":9}]}"))));
        for (var character : new String[] {"0", "1", "a", "_", "1_", "a-", "0x"}) {
            all.put(
                    "a long port of " + character,
                    size ->
                            ingress(
                                    toPorts(
                                            "{\"ports\":[{\"port\":\""
                                                    + character.repeat(size / character.length())
                                                    + "\"}]}")));
        }
        all.put(
                "types of ICMP",
                size ->
                        ingress(
                                "{\"icmps\":["
                                        + many(
                                                size,
                                                it ->
                                                        "{\"fields\":[{\"type\":%d}]}"
                                                                .formatted(1 + it % 254))
                                        + "]}"));
        all.put(
                "a long type of ICMP",
                size ->
                        ingress(
                                "{\"icmps\":[{\"fields\":[{\"type\":\""
                                        + "1".repeat(size)
                                        + "\"}]}]}"));
        all.put(
                "server names",
                size ->
                        egress(
                                toPorts(
                                        "{"
                                                + TCP
                                                + ",\"serverNames\":["
                                                + many(size, "\"s%d\"")
                                                + "]}")));
        all.put(
                "a long secret",
                size ->
                        egress(
                                toPorts(
                                        "{"
                                                + TCP
                                                + ",\"originatingTLS\":{\"secret\":{\"name\":\""
                                                + "x".repeat(size)
                                                + "\"}}}")));
        all.put(
                "a long listener",
                size ->
                        egress(
                                toPorts(
                                        "{"
                                                + TCP
                                                + ",\"listener\":{\"name\":\""
                                                + "x".repeat(size)
                                                + "\",\"envoyConfig\":{\"name\":\"c\"}}}")));
        all.put(
                "a long protocol",
                size ->
                        egress(
                                toPorts(
                                        "{\"ports\":[{\"port\":\"1\",\"protocol\":\""
                                                + "x".repeat(size)
                                                + "\"}]}")));
    }

    private static void requests(Map<String, IntFunction<String>> all) {
        all.put("paths", size -> ingress(http(many(size, "{\"path\":\"/%d\"}"))));
        for (var character : new String[] {"a", ".", ".*", "(", "\\\\", "é"}) {
            all.put(
                    "a long path of " + character,
                    size ->
                            ingress(
                                    http(
                                            "{\"path\":\""
                                                    + character.repeat(size / character.length())
                                                    + "\"}")));
            // Nobody is let in, so that it matters whether Go would take the expression.
            all.put(
                    "a long path of " + character + " for nobody",
                    size ->
                            ingress(
                                    "{\"fromEndpoints\":[],"
                                            + http("{\"path\":\""
                                                            + character.repeat(
                                                                    size / character.length())
                                                            + "\"}")
                                                    .substring(1)));
        }
        all.put(
                "headers",
                size -> ingress(http("{\"headers\":[" + many(size, "\"X-%d: 1\"") + "]}")));
        for (var header : new String[] {":", " ", "a:", ": "}) {
            for (var end : new String[] {"x y", " y"}) {
                all.put(
                        "a header of '" + header + "' before '" + end + "'",
                        size ->
                                ingress(
                                        http(
                                                "{\"headers\":[\""
                                                        + header.repeat(size / header.length())
                                                        + end
                                                        + "\"]}")));
            }
        }
        all.put(
                "matches of headers",
                size ->
                        ingress(
                                http(
                                        "{\"headerMatches\":["
                                                + many(size, "{\"name\":\"X%d\",\"value\":\"1\"}")
                                                + "]}")));
        all.put(
                "matches of headers in order",
                size ->
                        ingress(
                                http(
                                        "{\"headerMatches\":["
                                                + many(
                                                        size,
                                                        "{\"name\":\"X%d\",\"mismatch\":\"LOG\"}")
                                                + "]}")));
        all.put(
                "names that may be asked for",
                size ->
                        egress(
                                toPorts(
                                        "{\"ports\":[{\"port\":\"53\"}],\"rules\":{\"dns\":["
                                                + many(size, "{\"matchName\":\"n%d\"}")
                                                + "]}}")));
    }

    private static void rest(Map<String, IntFunction<String>> all) {
        all.put(
                "a long mode",
                size -> ingress("{\"authentication\":{\"mode\":\"" + "x".repeat(size) + "\"}}"));
        all.put(
                "a long description",
                size ->
                        "{"
                                + EVERYBODY
                                + ",\"ingress\":[{}],\"description\":\""
                                + "x".repeat(size)
                                + "\"}");
        all.put(
                "labels of the rule",
                size ->
                        "{"
                                + EVERYBODY
                                + ",\"ingress\":[{}],\"labels\":["
                                + many(size, "{\"key\":\"k%d\"}")
                                + "]}");
        all.put("entries", size -> ingress(many(size, it -> from("CIDR", block(it)))));
        all.put("empty entries", size -> ingress(many(size, "{}")));
        all.put("an unknown field", size -> ingress("{\"unknown\":[" + many(size, "%d") + "]}"));
        all.put("unknown fields", size -> ingress(many(size, "{\"unknown\":%d}")));
        all.put(
                "unknown fields of one hash code",
                size -> ingress("{" + alike(size, "\"%s\":0") + "}"));
        all.put("numbers", size -> ingress("{\"unknown\":[" + many(size, it -> "1e" + it) + "]}"));
        all.put(
                "deep lists",
                size -> ingress("{\"unknown\":[" + many(size, "[[[[[[[[[[%d]]]]]]]]]]") + "]}"));
    }

    /// What makes more of a policy than it has characters.
    static Map<String, IntFunction<String>> products() {
        var all = new LinkedHashMap<String, IntFunction<String>>();
        all.put(
                "a long subject beside entries",
                size ->
                        "{\"endpointSelector\":{\"matchExpressions\":["
                                + expression("a", many(size / 2, "\"v%d\""))
                                + "]},\"ingress\":["
                                + many(
                                        size / 2,
                                        it ->
                                                "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                        .formatted(block(it), 1 + it % 65535))
                                + "]}");
        all.put(
                "a long subject beside ranges of a name",
                size ->
                        "{\"endpointSelector\":{\"matchExpressions\":["
                                + expression("a", many(size / 2, "\"v%d\""))
                                + "]},\"ingress\":[{\"toPorts\":["
                                + many(
                                        size / 2,
                                        it ->
                                                "{\"ports\":[{\"port\":\"p\",\"endPort\":%d}]}"
                                                        .formatted(1 + it % 65535))
                                + "]}]}");
        all.put(
                "a long subject beside unknown fields",
                size ->
                        "{\"endpointSelector\":{\"matchExpressions\":["
                                + expression("a", many(size / 2, "\"v%d\""))
                                + "]},\"ingress\":["
                                + many(size / 2, "{\"unknown\":%d}")
                                + "]}");
        all.put(
                "peers times ports",
                size ->
                        ingress(
                                "{\"fromCIDR\":["
                                        + many(size / 2, HostilePolicies::block)
                                        + "],\"toPorts\":["
                                        + many(
                                                size / 2,
                                                it ->
                                                        "{\"ports\":[{\"port\":\"%d\"}]}"
                                                                .formatted(1 + it % 65535))
                                        + "]}"));
        all.put(
                "peers times types of ICMP",
                size ->
                        ingress(
                                "{\"fromCIDR\":["
                                        + many(size / 2, HostilePolicies::block)
                                        + "],\"icmps\":["
                                        + many(
                                                size / 2,
                                                it ->
                                                        "{\"fields\":[{\"type\":%d}]}"
                                                                .formatted(1 + it % 254))
                                        + "]}"));
        all.put(
                "ports times requests",
                size ->
                        ingress(
                                toPorts(
                                        "{\"ports\":["
                                                + IntStream.range(1, 41)
                                                        .mapToObj(
                                                                it ->
                                                                        "{\"port\":\"p%d\",\"protocol\":\"TCP\"}"
                                                                                .formatted(it))
                                                        .collect(Collectors.joining(","))
                                                + "],\"rules\":{\"http\":["
                                                + many(size, "{\"path\":\"/%d\"}")
                                                + "]}}")));
        all.put(
                "long requests in many combinations",
                size ->
                        ingress(
                                "{\"fromCIDR\":["
                                        + many(size / 4, HostilePolicies::block)
                                        + "],"
                                        + http("{\"path\":\"" + "x".repeat(size / 4) + "\"}")
                                                .substring(1)
                                        + ","
                                        + many(
                                                size / 2,
                                                it ->
                                                        "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                                .formatted(
                                                                        block(it),
                                                                        1 + it % 65535))));
        all.put(
                "long server names beside requests",
                size ->
                        ingress(
                                toPorts(
                                        "{"
                                                + TCP
                                                + ",\"terminatingTLS\":{\"secret\":{\"name\":\"s\"}},\"serverNames\":["
                                                + many(size / 2, "\"s%d\"")
                                                + "],\"rules\":{\"http\":["
                                                + many(size / 2, "{\"path\":\"/%d\"}")
                                                + "]}}")));
        all.put("every peer in rules of its own", HostilePolicies::combinations);
        all.put(
                "blocks within blocks",
                size ->
                        ingress(
                                many(
                                        size,
                                        it ->
                                                "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                        .formatted(nested(it), 1 + it % 65535))));
        all.put(
                "ranges within blocks with many ports",
                size ->
                        ingress(
                                many(
                                                size / 2,
                                                it ->
                                                        "{\"fromCIDR\":[\"0.0.0.0/0\"],\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                                .formatted(1 + it * 2 % 65535))
                                        + ","
                                        + many(
                                                size / 2,
                                                it ->
                                                        "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"1\",\"endPort\":%d}]}]}"
                                                                .formatted(
                                                                        block(it),
                                                                        65535 - it % 65000))));
        all.put(
                "names within blocks within blocks",
                size ->
                        egress(
                                "{\"toPorts\":[{\"ports\":[{\"port\":\"53\"}],\"rules\":{\"dns\":[{\"matchName\":\"a\"}]}}]},"
                                        + many(
                                                size,
                                                it ->
                                                        "{\"toCIDR\":[%s],\"authentication\":{\"mode\":\"%s\"},\"toPorts\":[{\"ports\":[{\"port\":\"53\"}]}]}"
                                                                .formatted(
                                                                        nested(it),
                                                                        it % 2 == 0
                                                                                ? "required"
                                                                                : "disabled"))));
        all.put(
                "server names in many rules",
                size -> egress(toPorts(many(size, "{" + TCP + ",\"serverNames\":[\"s%d\"]}"))));
        all.put(
                "server names in many rules for many peers",
                size ->
                        egress(
                                "{\"toCIDR\":["
                                        + many(size / 2, HostilePolicies::block)
                                        + "],"
                                        + toPorts(
                                                        many(
                                                                size / 2,
                                                                "{"
                                                                        + TCP
                                                                        + ",\"serverNames\":[\"s%d\"]}"))
                                                .substring(1)));
        all.put(
                "names in many entries",
                size ->
                        egress(
                                many(
                                        size,
                                        it ->
                                                "{\"toCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"53\"}],\"rules\":{\"dns\":[{\"matchName\":\"n%d\"}]}}]}"
                                                        .formatted(block(it), it))));
        all.put(
                "forty ports in many rules",
                size ->
                        ingress(
                                many(
                                        size,
                                        it ->
                                                "{\"fromCIDR\":[\"10.0.0.0/8\",%s],\"toPorts\":[{\"ports\":[%s]}]}"
                                                        .formatted(
                                                                block(it),
                                                                IntStream.range(0, 40)
                                                                        .mapToObj(
                                                                                port ->
                                                                                        "{\"port\":\"%d\"}"
                                                                                                .formatted(
                                                                                                        1
                                                                                                                + (it
                                                                                                                                        * 80
                                                                                                                                + 2
                                                                                                                                        * port)
                                                                                                                        % 65535))
                                                                        .collect(
                                                                                Collectors.joining(
                                                                                        ","))))));
        joined(all);
        return all;
    }

    /// Rules of which Cilium may make one filter.
    private static void joined(Map<String, IntFunction<String>> all) {
        all.put(
                "requests written twice in many rules",
                size ->
                        ingress(
                                toPorts(
                                        many(
                                                size,
                                                "{"
                                                        + TCP
                                                        + ",\"rules\":{\"http\":[{\"path\":\"/a\"},{\"path\":\"/a\"},{\"path\":\"/%d\"}]}}"))));
        all.put(
                "a request written again and again beside others",
                size ->
                        ingress(
                                toPorts(
                                        "{"
                                                + TCP
                                                + ",\"rules\":{\"http\":["
                                                + many(size / 2, "{\"path\":\"/a\"}")
                                                + "]}},{"
                                                + TCP
                                                + ",\"rules\":{\"http\":["
                                                + many(size / 2, "{\"path\":\"/a%d\"}")
                                                + "]}}")));
        all.put(
                "contexts of TLS in many rules",
                size ->
                        ingress(
                                toPorts(
                                        many(
                                                size,
                                                "{"
                                                        + TCP
                                                        + ",\"terminatingTLS\":{\"secret\":{\"name\":\"s%d\"}}}"))));
        all.put(
                "requests and server names of many peers on one port",
                size -> ingress(many(size, it -> alternately(it, 80))));
        all.put(
                "requests and server names on many ports",
                size -> ingress(many(size, it -> alternately(it, 1 + it / 2 % 60000))));
        all.put(
                "authentication of every other entry",
                size ->
                        ingress(
                                many(
                                        size,
                                        it ->
                                                "{\"fromEntities\":[\"host\"],\"authentication\":{\"mode\":\"%s\"},\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                        .formatted(
                                                                it % 2 == 0
                                                                        ? "required"
                                                                        : "disabled",
                                                                1 + it % 60000))));
        all.put(
                "names beside many peers",
                size ->
                        egress(
                                "{\"toPorts\":[{\"ports\":[{\"port\":\"53\"}],\"rules\":{\"dns\":[{\"matchName\":\"a\"}]}}]},"
                                        + many(
                                                size,
                                                it ->
                                                        "{\"toCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"53\"}]}]}"
                                                                .formatted(block(it)))));
        all.put(
                "names of many peers beside many peers",
                size ->
                        egress(
                                many(
                                        size,
                                        it ->
                                                "{\"toCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"53\"}]%s}]}"
                                                        .formatted(
                                                                block(it),
                                                                it % 2 == 0
                                                                        ? ""
                                                                        : ",\"rules\":{\"dns\":[{\"matchName\":\"a\"}]}"))));
        all.put(
                "names on two spellings of a port",
                size ->
                        egress(
                                many(
                                        size,
                                        it ->
                                                "{\"toCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"53\"%s}],\"rules\":{\"dns\":[{\"matchName\":\"a\"}]}}]}"
                                                        .formatted(
                                                                block(it),
                                                                it % 2 == 0
                                                                        ? ""
                                                                        : ",\"endPort\":53"))));
        all.put(
                "services with ports",
                size ->
                        egress(
                                "{\"toServices\":["
                                        + many(size, "{\"k8sService\":{\"serviceName\":\"s%d\"}}")
                                        + "],\"toPorts\":[{"
                                        + TCP
                                        + "}]}"));
        all.put(
                "services beside server names",
                size ->
                        egress(
                                many(
                                        size,
                                        it ->
                                                "{\"toServices\":[{\"k8sService\":{\"serviceName\":\"s%d\"}}],\"toPorts\":[{%s%s}]}"
                                                        .formatted(
                                                                it,
                                                                TCP,
                                                                it % 2 == 0
                                                                        ? ""
                                                                        : ",\"serverNames\":[\"a\"]"))));
        all.put(
                "ends before the port",
                size ->
                        ingress(
                                many(
                                        size,
                                        it ->
                                                "{\"toPorts\":[{\"ports\":[{\"port\":\"%d\",\"endPort\":1}]}]}"
                                                        .formatted(2 + it % 60000))));
    }

    /// Every other entry asks for requests, and those between them for names of a server.
    private static String alternately(int number, int port) {
        return "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"%d\",\"protocol\":\"TCP\"}],%s}]}"
                .formatted(
                        block(number),
                        port,
                        number % 2 == 0
                                ? "\"rules\":{\"http\":[{\"path\":\"/a\"}]}"
                                : "\"serverNames\":[\"a\"]");
    }

    /// Peer number n is in the rules whose number has a bit in common with n.
    private static String combinations(int size) {
        var rules = Math.max(4, (int) Math.sqrt(size / 40.0));
        return ingress(
                IntStream.range(0, rules)
                        .mapToObj(
                                rule ->
                                        "{\"fromCIDR\":[%s],\"toPorts\":[{\"ports\":[{\"port\":\"%d\"}]}]}"
                                                .formatted(
                                                        IntStream.range(0, rules * 2)
                                                                .filter(
                                                                        peer ->
                                                                                peer == 0
                                                                                        || (rule
                                                                                                                        * 31
                                                                                                                + peer)
                                                                                                        % 7
                                                                                                < 5)
                                                                .mapToObj(HostilePolicies::block)
                                                                .collect(Collectors.joining(",")),
                                                        1 + 2 * rule))
                        .collect(Collectors.joining(",")));
    }

    private static String growing(int size) {
        var sets = Math.max(2, (int) Math.sqrt(size / 4.0));
        return IntStream.range(1, sets)
                .mapToObj(
                        set ->
                                in(
                                        "a",
                                        IntStream.range(0, set)
                                                .mapToObj("\"v%d\""::formatted)
                                                .collect(Collectors.joining(","))))
                .collect(Collectors.joining(","));
    }

    private static String subject(String selector) {
        return "{\"endpointSelector\":{" + selector + "},\"ingress\":[{}]}";
    }

    private static String ingress(String entries) {
        return "{" + EVERYBODY + ",\"ingress\":[" + entries + "]}";
    }

    private static String egress(String entries) {
        return "{" + EVERYBODY + ",\"egress\":[" + entries + "]}";
    }

    private static String from(String kind, String peers) {
        return "{\"from" + kind + "\":[" + peers + "]}";
    }

    private static String to(String kind, String peers) {
        return "{\"to" + kind + "\":[" + peers + "]}";
    }

    private static String toPorts(String portRules) {
        return "{\"toPorts\":[" + portRules + "]}";
    }

    private static String http(String rules) {
        return toPorts("{" + TCP + ",\"rules\":{\"http\":[" + rules + "]}}");
    }

    private static String expression(String key, String values) {
        return "{\"key\":\"" + key + "\",\"operator\":\"NotIn\",\"values\":[" + values + "]}";
    }

    private static String in(String key, String values) {
        return "{\"key\":\"" + key + "\",\"operator\":\"In\",\"values\":[" + values + "]}";
    }

    private static String block(int number) {
        return "\"10.%d.%d.%d/32\""
                .formatted(number / 65536 % 256, number / 256 % 256, number % 256);
    }

    /// A hundred, each within the one before, and the next hundred elsewhere.
    private static String nested(int number) {
        return "\"%x::/%d\"".formatted(0x2000 + number / 100, 17 + number % 100);
    }

    /// @param element with `%d` for its number
    private static String many(int size, String element) {
        return many(size, it -> element.replace("%d", Integer.toString(it)));
    }

    private static String many(int size, IntFunction<String> element) {
        var list = new StringBuilder(size + 100);
        for (int i = 0; i == 0 || list.length() < size; i++) {
            list.append(i == 0 ? "" : ",").append(element.apply(i));
        }
        return list.toString();
    }

    /// @param element with `%s` for a name of 40 characters, all of one hash code
    private static String alike(int size, String element) {
        return many(
                size,
                it -> {
                    var name = new StringBuilder();
                    for (int bit = 0; bit < 20; bit++) {
                        name.append(ALIKE[it >> bit & 1]);
                    }
                    return element.replace("%s", name);
                });
    }
}
