package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;

/// Of which rules the DNS proxy is told.
///
/// Source: `addNewRedirects` in `pkg/endpoint/bpf.go` and `setPortRulesForID` in
/// `pkg/fqdn/dnsproxy/proxy.go` of Cilium. For a protocol and port it has the rules of one filter.
/// Next to
///
/// ```yaml
/// {toEntities: [cluster], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchName: a.b}]}}]}
/// ```
///
/// every name may be asked for with the first of these, and only `a.b` with the second:
///
/// ```yaml
/// {toEntities: [host], toPorts: [{ports: [{port: "53"}]}]}
/// {toEntities: [host], toPorts: [{ports: [{port: "53", endPort: 54}]}]}
/// ```
///
/// Where two filters of one port have names, chance decides of which of the two it is told.
final class DnsTables {

    private static final String WHAT = "filters that are joined by names";
    private static final SortedSet<String> NO_TEXTS = Collections.emptySortedSet();

    private final SortedMap<FilterKey, List<Filter>> withNames = new TreeMap<>();
    private final SortedMap<FilterKey, List<Filter>> without = new TreeMap<>();
    private final SortedMap<FilterKey, SortedMap<PolicyPeer, SortedSet<String>>> told =
            new TreeMap<>();
    private final IdentityHashMap<Filter, String> texts = new IdentityHashMap<>();
    private final Reserve reserve;

    /// What the proxy is told of a peer, besides what it is told of those around it.
    private record Told(Set<String> texts, Optional<Told> around, int depth) {

        static final Told NOTHING = new Told(Set.of(), Optional.empty(), 0);

        Told with(List<String> more) {
            return new Told(new TreeSet<>(more), Optional.of(this), depth + 1);
        }

        boolean says(String text) {
            return texts.contains(text) || around.filter(told -> told.says(text)).isPresent();
        }
    }

    DnsTables(List<Filter> filters, Reserve reserve) {
        this.reserve = reserve;
        for (var filter : filters) {
            if (filter.asked().hasNames()) {
                put(filter, withNames);
            }
        }
        for (var filter : filters) {
            if (!withNames.isEmpty() && !filter.asked().hasNames() && !filter.section().ingress()) {
                put(filter, without);
            }
        }
        without.keySet().retainAll(withNames.keySet());
    }

    private void put(Filter filter, SortedMap<FilterKey, List<Filter>> byKey) {
        for (var key : filter.keys()) {
            reserve.take(1, Reserve.ELEMENT);
            byKey.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(filter);
        }
    }

    /// One for each peer and port of whose rules it counts in which filter they are.
    List<Statement> statements(Nesting nesting) {
        without.forEach(
                (key, filters) -> {
                    var named = withNames.getOrDefault(key, List.of());
                    filters.forEach(filter -> tell(key, filter, named));
                });
        spellings(withNames.keySet()).values().stream()
                .filter(list -> list.size() > 1)
                .forEach(this::tellByChance);
        var spellings = spellings(told.keySet());
        var statements = new ArrayList<Statement>();
        told.forEach(
                (key, peers) -> {
                    var isOneOfSeveral =
                            spellings.getOrDefault(key.numbers(), List.of()).size() > 1;
                    add("egress " + key.text(isOneOfSeveral), peers, nesting, statements);
                });
        return statements;
    }

    /// Those that mean the same ports.
    private static SortedMap<FilterKey, List<FilterKey>> spellings(Set<FilterKey> keys) {
        var spellings = new TreeMap<FilterKey, List<FilterKey>>();
        for (var key : keys) {
            spellings.computeIfAbsent(key.numbers(), _ -> new ArrayList<>(1)).add(key);
        }
        return spellings;
    }

    private void add(
            String ports,
            SortedMap<PolicyPeer, SortedSet<String>> peers,
            Nesting nesting,
            List<Statement> statements) {
        nesting.walk(
                peers.keySet(),
                Told.NOTHING,
                (peer, around) -> {
                    var said = new ArrayList<>(peers.getOrDefault(peer, NO_TEXTS));
                    reserve.take((long) said.size() * around.depth(), Reserve.FINDING);
                    said.removeIf(around::says);
                    if (said.isEmpty()) {
                        return around;
                    }
                    var words = new ArrayList<>(List.of(WHAT, ports, peer.text()));
                    words.addAll(said);
                    statements.add(new Said(words));
                    return around.with(said);
                });
    }

    /// Those of a rule's peers of whom another rule in the filter may ask for names.
    private void tell(FilterKey key, Filter rule, List<Filter> named) {
        for (var peer : rule.peers()) {
            if (named.stream().anyMatch(filter -> meets(rule, peer, filter))) {
                tell(key, peer, rule);
            }
        }
    }

    private void tell(FilterKey key, PolicyPeer peer, Filter rule) {
        reserve.take(1, Reserve.FINDING);
        var text = texts.computeIfAbsent(rule, filter -> filter.text(false));
        var isNew =
                told.computeIfAbsent(key, _ -> new TreeMap<>())
                        .computeIfAbsent(peer, _ -> new TreeSet<>())
                        .add(text);
        if (isNew) {
            reserve.take(1, Reserve.PEER);
            reserve.take(text.length(), Character.BYTES);
        }
    }

    private boolean meets(Filter rule, PolicyPeer peer, Filter named) {
        reserve.take(rule.subject().steps(named.subject()), Reserve.STEP);
        if (!rule.subject().meets(named.subject())) {
            return false;
        }
        for (var other : named.peers()) {
            reserve.take(Overlap.steps(peer, other), Reserve.STEP);
            if (Overlap.of(peer, other)) {
                return true;
            }
        }
        return false;
    }

    private void tellByChance(List<FilterKey> keys) {
        for (var key : keys) {
            for (var filters : List.of(withNames, without)) {
                for (var filter : filters.getOrDefault(key, List.of())) {
                    filter.peers().forEach(peer -> tell(key, peer, filter));
                }
            }
        }
    }
}
