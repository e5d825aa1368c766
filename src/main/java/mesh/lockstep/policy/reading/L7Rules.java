package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.TreeSet;
import mesh.lockstep.policy.Abridged;

/// `rules` of a port rule: what requests may ask for.
///
/// Source: `L7Rules` in `pkg/policy/api/l4.go`, `PortRule.sanitize` in
/// `pkg/policy/api/rule_validation.go` and `GeneratePattern` in `pkg/fqdn/dnsproxy/proxy.go` of
/// Cilium. An empty list is as good as none, an empty rule is not: it sends every request through
/// the proxy. A DNS pattern for every name makes the others superfluous:
///
/// ```yaml
/// rules: {dns: [{matchPattern: "*"}, {matchName: a.b}]}      rules: {dns: [{matchPattern: "*"}]}
/// ```
///
/// @param alternatives sorted, each once and [Abridged]; empty for no such rules
/// @param dns whether they are about names
/// @param repeats whether one of them may be written twice
record L7Rules(List<String> alternatives, boolean dns, boolean repeats) {

    static final L7Rules NONE = new L7Rules(List.of(), false, false);

    /// @param rules of the port rule, with `http` or `dns` or nothing
    static L7Rules of(JsonNode rules) {
        var alternatives = new TreeSet<String>();
        rules.path("http").forEach(rule -> alternatives.add(Abridged.of(HttpRule.text(rule))));
        var dns = !rules.path("dns").isEmpty();
        for (var name : rules.path("dns")) {
            alternatives.add("dns " + DnsNames.pattern(name));
        }
        var repeats = alternatives.size() < rules.path("http").size() + rules.path("dns").size();
        return alternatives.contains("dns " + DnsNames.ALL)
                ? new L7Rules(List.of("dns " + DnsNames.ALL), true, repeats)
                : new L7Rules(List.copyOf(alternatives), dns, repeats);
    }

    boolean isEmpty() {
        return alternatives.isEmpty();
    }

    boolean http() {
        return !isEmpty() && !dns;
    }

    /// Refuses a protocol that such rules are not for.
    void check(String protocol) {
        if (http() && !protocol.equals("TCP")) {
            throw new AsWrittenException("HTTP rules on " + protocol);
        }
    }

    /// Refuses ports that such rules are not for.
    void check(int port, int endPort) {
        if (!isEmpty() && port == 0) {
            throw new AsWrittenException("HTTP or DNS rules on port 0");
        }
        if (dns && endPort > port) {
            throw new AsWrittenException("DNS rules on a range of ports");
        }
    }
}
