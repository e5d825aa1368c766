package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.policy.PolicyPeer;

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

    private final SortedMap<FilterKey, List<Filter>> withNames = new TreeMap<>();
    private final SortedMap<FilterKey, List<Filter>> without = new TreeMap<>();
    private final Reserve reserve;

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

    void addTo(JoinedFilters joined) {
        without.forEach(
                (key, filters) -> {
                    var named = withNames.getOrDefault(key, List.of());
                    filters.forEach(it -> addTold(key, it, named, joined));
                });
        var spellings = new TreeMap<FilterKey, List<FilterKey>>();
        withNames
                .keySet()
                .forEach(
                        it ->
                                spellings
                                        .computeIfAbsent(it.numbers(), _ -> new ArrayList<>())
                                        .add(it));
        spellings.values().stream()
                .filter(it -> it.size() > 1)
                .forEach(keys -> addByChance(keys, joined));
    }

    /// Those of a rule's peers of whom another rule in the filter may ask for names.
    private void addTold(FilterKey key, Filter rule, List<Filter> named, JoinedFilters joined) {
        for (var peer : rule.peers()) {
            if (named.stream().anyMatch(it -> meets(rule, peer, it))) {
                joined.addNames(key, peer, rule);
            }
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

    private void addByChance(List<FilterKey> keys, JoinedFilters joined) {
        for (var key : keys) {
            for (var filter : withNames.getOrDefault(key, List.of())) {
                filter.peers().forEach(peer -> joined.addNames(key, peer, filter));
            }
        }
    }
}
