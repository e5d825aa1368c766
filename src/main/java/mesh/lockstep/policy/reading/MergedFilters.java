package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;

/// Rules for the same ports, of which some ask for TLS or server names and others do not; and those
/// for the same ports and peers, of which some ask for DNS names.
///
/// Cilium 1.20.2 makes one filter of them where their peers and ports are written alike, and
/// otherwise several, which let other requests pass; of some it takes the first and rejects the
/// second (`mergePortProto` in `pkg/policy/rule.go`, `upsert` in `pkg/policy/l4.go`). So next to
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

    private final List<Filter> rules = new ArrayList<>();
    private final Reserve reserve;

    MergedFilters(Reserve reserve) {
        this.reserve = reserve;
    }

    /// Takes a rule, even for nobody: Cilium rejects contradictions there as well.
    void add(Filter rule) {
        rules.add(rule);
    }

    /// What is compared as written; empty where nothing is joined.
    Optional<Statement> statement() {
        var joining = rules.stream().filter(Filter::joins).toList();
        var merged =
                rules.stream().filter(it -> meetsAny(it, it.joins() ? rules : joining)).toList();
        if (merged.isEmpty()) {
            return Optional.empty();
        }
        var ordered = merged.stream().anyMatch(Filter::isOrdered);
        var written = written(merged);
        return Optional.of(
                new Said(
                        Stream.concat(
                                        Stream.of("filters that are joined, as written"),
                                        ordered ? written : written.sorted())
                                .toList()));
    }

    private boolean meetsAny(Filter rule, List<Filter> others) {
        for (var other : others) {
            reserve.take(rule.steps(other), Reserve.STEP);
            if (rule.meets(other)) {
                return true;
            }
        }
        return false;
    }

    /// The peers of an entry, which may have many port rules, are written out once.
    private Stream<String> written(List<Filter> merged) {
        var peersOfEntry = new IdentityHashMap<JsonNode, String>();
        return merged.stream()
                .map(
                        it -> {
                            var peers =
                                    peersOfEntry.computeIfAbsent(
                                            it.entry(), MergedFilters::withoutPorts);
                            var ports = CanonicalJson.abridged(it.portRule());
                            var text = Abridged.of(it.subject() + " " + peers + " " + ports);
                            reserve.take(text.length(), Character.BYTES);
                            return text;
                        });
    }

    private static String withoutPorts(JsonNode entry) {
        var peers = JsonNodeFactory.instance.objectNode().<ObjectNode>setAll((ObjectNode) entry);
        return CanonicalJson.abridged(peers.remove(List.of("toPorts")));
    }
}
