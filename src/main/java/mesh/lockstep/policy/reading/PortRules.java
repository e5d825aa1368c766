package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Range;

/// Ports and protocols of one port rule.
///
/// Source: `PortProtocol.sanitize` in `pkg/policy/api/rule_validation.go`, `createL4Filter` in
/// `pkg/policy/l4.go` and `pkg/policy/rule.go` of Cilium. No protocol is TCP, UDP and SCTP; port 0
/// is every port; neighboring numbers are joined; an `endPort` that is the port itself does
/// nothing:
///
/// ```yaml
/// ports: [{port: "80", protocol: TCP}, {port: "81", protocol: TCP}]
/// ports: [{port: "80", endPort: 81, protocol: TCP}]
/// ```
///
/// One below the port, one of port 0 and one of a named port on egress do nothing in the kernel.
/// Envoy is told of it as it is, where another rule needs Envoy, and only of TCP
/// (`GetDirectionNetworkPolicy` in `pkg/envoy/model.go`): it refuses the whole update, is not told
/// of the rule, or reads a range. So there it counts, whatever other rules there are.
final class PortRules {

    private static final int MAX = 40;
    private static final List<String> ANY = List.of("TCP", "UDP", "SCTP");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

    /// The protocols without ports.
    private static final Set<String> EXTENDED =
            Set.of("VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH");

    private final boolean ingress;
    private final L7Rules l7;
    private final LinkedHashMap<String, List<Range>> numbers = new LinkedHashMap<>();
    private final List<Ports> named = new ArrayList<>();
    private final List<Ports> backward = new ArrayList<>();

    private PortRules(boolean ingress, L7Rules l7) {
        this.ingress = ingress;
        this.l7 = l7;
    }

    /// The ports of a port rule, one element for each protocol and one for each name.
    ///
    /// @param l7 what the same port rule says about requests
    static List<Ports> of(JsonNode ports, boolean ingress, L7Rules l7) {
        if (ports.size() > MAX) {
            throw new AsWrittenException(ports.size() + " ports, where " + MAX + " are allowed");
        }
        var rules = new PortRules(ingress, l7);
        ports.forEach(rules::add);
        var read = new ArrayList<>(rules.named);
        read.addAll(rules.backward);
        rules.numbers.forEach((protocol, of) -> read.add(new Ports.Numbered(protocol, of)));
        return read;
    }

    /// Whether a port is left out, which only `enable-extended-ip-protocols` allows.
    static boolean lacksPort(JsonNode ports) {
        for (var port : ports) {
            if (port.path("port").asText().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void add(JsonNode port) {
        var protocol = port.path("protocol").asText().toUpperCase(Locale.ROOT);
        if (!protocol.isEmpty()
                && !protocol.equals("ANY")
                && !PROTOCOLS.contains(protocol)
                && !EXTENDED.contains(protocol)) {
            throw new AsWrittenException("unknown protocol " + protocol);
        }
        l7.check(protocol.isEmpty() ? "ANY" : protocol);
        var text = port.path("port").asText();
        var last = Fields.number(port.path("endPort"));
        if (last < 0 || last > PortNumber.MAX) {
            throw new AsWrittenException("not a port: " + last);
        }
        for (var each : protocols(port)) {
            add(each, text, last);
        }
    }

    /// Those that a port is one of.
    static List<String> protocols(JsonNode port) {
        var protocol = port.path("protocol").asText().toUpperCase(Locale.ROOT);
        return protocol.isEmpty() || protocol.equals("ANY") ? ANY : List.of(protocol);
    }

    private void add(String protocol, String port, int last) {
        if (PortNumber.isName(port)) {
            var name = port.toLowerCase(Locale.ROOT);
            var counts = ingress || protocol.equals("TCP");
            named.add(new Ports.Named(protocol, name, counts ? last : 0));
            return;
        }
        if (EXTENDED.contains(protocol) && !port.isEmpty() && !port.equals("0")) {
            throw new AsWrittenException(protocol + " has no port " + port);
        }
        var number = port.isEmpty() ? 0 : number(port);
        l7.check(number, last);
        if (protocol.equals("TCP") && last > 0 && (number == 0 || last < number)) {
            backward.add(new Ports.Backward(protocol, number, last));
            return;
        }
        var range = number == 0 ? Range.WHOLE : new Range(number, Math.max(number, last));
        numbers.computeIfAbsent(protocol, _ -> new ArrayList<>()).add(range);
    }

    private static int number(String port) {
        return PortNumber.parse(port)
                .orElseThrow(() -> new AsWrittenException("not a port: " + port));
    }
}
