package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;

/// Rules of one direction that ask for different authentication, none included.
///
/// Of those that meet in a peer, Cilium heeds the one with the longest prefix of port numbers,
/// whoever is within whom (`authPreferredInsert` in `pkg/policy/mapstate.go` of Cilium). So beside
/// a rule for `10.0.0.0/8` that is open from port 80 to 81, these two are not the same:
///
/// ```yaml
/// - {toCIDR: [10.1.0.0/16], toPorts: [{ports: [{port: "80", endPort: 90}]}], authentication: {mode: required}}
/// # and the same, with this besides:
/// - {toCIDR: [10.1.0.0/16], toPorts: [{ports: [{port: "80"}]}], authentication: {mode: required}}
/// ```
///
/// There the numbers of ports count as they are written, for each peer. Where all rules of a
/// direction ask for the same, nothing is said here.
record Authentications(List<Filter> filters, Reserve reserve) {

    List<Statement> statements() {
        return Stream.of(true, false).flatMap(ingress -> statements(ingress).stream()).toList();
    }

    private List<Statement> statements(boolean ingress) {
        var rules =
                filters.stream()
                        .filter(
                                filter ->
                                        filter.section().ingress() == ingress
                                                && filter.saysAnything())
                        .toList();
        var statements = new ArrayList<Statement>();
        if (rules.stream().map(Authentications::mode).distinct().count() > 1) {
            rules.forEach(filter -> add(filter, statements));
        }
        return statements;
    }

    private void add(Filter rule, List<Statement> statements) {
        for (var peer : rule.peers()) {
            for (var key : rule.keys()) {
                var said = statement(rule, peer, key);
                reserve.take(1, Reserve.PEER);
                said.words().forEach(word -> reserve.take(word.length(), Character.BYTES));
                statements.add(said);
            }
        }
    }

    private static Said statement(Filter rule, PolicyPeer peer, FilterKey key) {
        return new Said(
                List.of(
                        "ports as written, for authentication",
                        rule.section().direction(),
                        Abridged.of(rule.subject().text().orElse("nobody")),
                        Abridged.of(peer.text()),
                        key.numbers().text(false),
                        mode(rule)));
    }

    private static String mode(Filter rule) {
        return rule.entry().path("authentication").path("mode").asText("none");
    }
}
