package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Peer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Numbered;

/// Rules for the same ports, of which some ask for TLS or server names and others do not; and those
/// for the same ports and peers, of which some ask for DNS names.
///
/// Cilium 1.20.2 makes one filter of them where their peers and ports are written alike, and else
/// several, which let other requests pass; of some it takes the first and rejects the second
/// (`mergePortProto` in `pkg/policy/rule.go`, `upsert` in `pkg/policy/l4.go`). So beside
///
/// ```yaml
/// {toFQDNs: [{matchName: a.b}], toPorts: [{ports: [{port: "443"}], serverNames: [a.b]}]}
/// ```
///
/// these two, which say the same elsewhere, do not:
///
/// ```yaml
/// {toFQDNs: [{matchName: a.b}], toPorts: [{ports: [{port: "443"}]}]}
/// {toFQDNs: [{matchPattern: a.b}], toPorts: [{ports: [{port: "443", endPort: 443}]}]}
/// ```
///
/// Such rules are compared as written, in their order.
final class MergedFilters {

    private static final Peer EVERYONE = Peer.Labelled.EVERYONE;

    /// Pairs of rules that are looked at; beyond it, a policy is compared as written.
    private static final int MAX = 1_000_000;

    private final List<Rule> rules = new ArrayList<>();

    /// What one port rule says of its entry's peers.
    ///
    /// @param entry as written
    /// @param portRule as written
    /// @param filter what it asks for beside ports
    /// @param joins whether that may be joined with what another rule asks for
    record Rule(
            String subject,
            boolean ingress,
            JsonNode entry,
            JsonNode portRule,
            Set<Peer> peers,
            List<Ports> ports,
            Set<String> filter,
            boolean joins) {

        private boolean meets(Rule other) {
            return ingress == other.ingress
                    && !filter.equals(other.filter)
                    && ports.stream()
                            .anyMatch(it -> other.ports.stream().anyMatch(o -> meet(it, o)))
                    && (isOrdered()
                            || other.isOrdered()
                            || peers.contains(EVERYONE)
                            || other.peers.contains(EVERYONE)
                            || peers.stream().anyMatch(other.peers::contains));
        }

        /// Whether it is joined with others for other peers too, and by order: not so DNS names.
        private boolean isOrdered() {
            return joins && !portRule.path("rules").has("dns");
        }

        private static boolean meet(Ports one, Ports other) {
            if (one instanceof Numbered(var protocol, var ranges)
                    && other instanceof Numbered(var otherProtocol, var otherRanges)) {
                return protocol.equals(otherProtocol)
                        && ranges.stream().anyMatch(it -> otherRanges.stream().anyMatch(it::meets));
            }
            return one.equals(other);
        }

        private String written() {
            var peers = ((ObjectNode) entry).deepCopy().without(List.of("toPorts"));
            return subject + " " + CanonicalJson.text(peers) + " " + CanonicalJson.text(portRule);
        }
    }

    /// Takes a rule, even for nobody: Cilium rejects what contradicts itself there, too.
    void add(Rule rule) {
        rules.add(rule);
    }

    /// What is compared as written; empty where nothing is joined.
    Optional<String> text() {
        var joining = rules.stream().filter(Rule::joins).toList();
        if ((long) joining.size() * rules.size() > MAX) {
            throw new AsWrittenException("too many rules for TLS, server names and DNS names");
        }
        var merged =
                rules.stream()
                        .filter(it -> (it.joins() ? rules : joining).stream().anyMatch(it::meets))
                        .toList();
        if (merged.isEmpty()) {
            return Optional.empty();
        }
        var written = merged.stream().map(Rule::written);
        var ordered = merged.stream().anyMatch(Rule::isOrdered) ? written : written.sorted();
        return Optional.of("filters that are joined, as written: " + ordered.toList());
    }
}
