package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;

/// Rules of which chance decides to which of Cilium's proxies they are sent.
///
/// Source: `addNewRedirects` in `pkg/endpoint/bpf.go` and `proxyIDs` in `pkg/endpoint/policy.go` of
/// Cilium. There is one proxy for a direction, a protocol and the first of a rule's ports, whatever
/// is asked for: that of the rule which comes first. One of them looks at requests, one at names,
/// one at neither. So beside
///
/// ```yaml
/// {toEntities: [host], toPorts: [{ports: [{port: "443"}], rules: {http: [{path: /a}]}}]}
/// ```
///
/// these two are not the same, as with the first chance decides of 444, too:
///
/// ```yaml
/// {toEntities: [world], toPorts: [{ports: [{port: "443", endPort: 444}], serverNames: [a.b]}]}
/// {toEntities: [world], toPorts: [{ports: [{port: "443"}, {port: "444"}], serverNames: [a.b]}]}
/// ```
///
/// So it is with two listeners, each of which has a proxy of its own, on ports of both. And where
/// ports of a third rule are among such ports, it depends on how they are written which of the two
/// is asked for them.
///
/// The ports of such rules count as they are written, for each peer, nobody among them. A port with
/// a name may be any.
final class Redirects {

    private static final String NAMED = "named";
    private static final String ANY = "any";

    private final List<Filter> filters = new ArrayList<>();
    private final SortedMap<Place, SortedMap<String, SortedMap<String, Subject>>> sent =
            new TreeMap<>();
    private final SortedMap<String, Use> listened = new TreeMap<>();
    private final Function<Filter, List<PeerAsWritten>> peers;
    private final Reserve reserve;

    /// A port of a rule.
    private record Use(Filter filter, FilterKey key) {

        boolean isOfAnother(Use other) {
            return !filter.asked().proxy().equals(other.filter.asked().proxy());
        }

        boolean touches(Use other) {
            return filter.section().ingress() == other.filter.section().ingress()
                    && key.protocol().equals(other.key.protocol())
                    && (isNamed() || other.isNamed() || key.meets(other.key))
                    && filter.subject().meets(other.filter.subject());
        }

        private boolean isNamed() {
            return !key.name().isEmpty();
        }

        long steps(Use other) {
            return filter.subject().steps(other.filter.subject());
        }

        /// What several uses have in common that need to be looked at once.
        String text() {
            return String.join(
                    "\n",
                    filter.section().direction(),
                    whom(filter.subject()),
                    filter.asked().proxy(),
                    key.text(true));
        }
    }

    /// By what Cilium finds a proxy of its own again.
    ///
    /// @param first of the ports
    private record Place(boolean ingress, String protocol, String first)
            implements Comparable<Place> {

        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::ingress)
                        .thenComparing(Place::protocol)
                        .thenComparing(Place::first);

        static Place of(Filter filter, FilterKey key) {
            var first = key.name().isEmpty() ? String.valueOf(key.first()) : NAMED;
            return new Place(filter.section().ingress(), key.protocol(), first);
        }

        Place at(String other) {
            return new Place(ingress, protocol, other);
        }

        /// Where those are that may have the same proxy.
        List<Place> shared() {
            return first.equals(NAMED) ? List.of(at(ANY)) : List.of(this, at(NAMED));
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /// @param peers of a rule, as they are written
    Redirects(List<Filter> all, Function<Filter, List<PeerAsWritten>> peers, Reserve reserve) {
        this.peers = peers;
        this.reserve = reserve;
        var redirected = all.stream().filter(filter -> !filter.asked().proxy().isEmpty()).toList();
        if (redirected.stream().map(filter -> filter.asked().proxy()).distinct().count() > 1) {
            redirected.stream().filter(filter -> !peers.apply(filter).isEmpty()).forEach(this::put);
        }
    }

    private void put(Filter filter) {
        filters.add(filter);
        for (var key : filter.keys()) {
            if (filter.asked().isListened()) {
                var use = new Use(filter, key);
                listened.putIfAbsent(use.text(), use);
            } else {
                put(filter, Place.of(filter, key));
            }
        }
    }

    private void put(Filter filter, Place place) {
        for (var each : List.of(place, place.at(ANY))) {
            reserve.take(1, Reserve.FINDING);
            sent.computeIfAbsent(each, _ -> new TreeMap<>())
                    .computeIfAbsent(filter.asked().proxy(), _ -> new TreeMap<>())
                    .putIfAbsent(whom(filter.subject()), filter.subject());
        }
    }

    List<Statement> statements() {
        var uses = uses();
        var byChance = new TreeMap<String, Use>();
        for (var use : uses) {
            if (isByChance(use)) {
                byChance.putIfAbsent(use.text(), use);
            }
        }
        var statements = new ArrayList<Statement>();
        for (var use : uses) {
            if (touchesAny(use, byChance.values())) {
                peers.apply(use.filter())
                        .forEach(
                                written ->
                                        add(use.filter(), use.key(), written.peer(), statements));
            }
        }
        return statements;
    }

    private List<Use> uses() {
        var uses = new ArrayList<Use>();
        for (var filter : filters) {
            filter.keys().forEach(key -> uses.add(new Use(filter, key)));
        }
        return uses;
    }

    private boolean touchesAny(Use use, Collection<Use> others) {
        for (var other : others) {
            reserve.take(use.steps(other), Reserve.STEP);
            if (use.touches(other)) {
                return true;
            }
        }
        return false;
    }

    private boolean isByChance(Use use) {
        if (!use.filter().asked().isListened()) {
            return isByChance(use.filter(), use.key());
        }
        for (var other : listened.values()) {
            reserve.take(use.steps(other), Reserve.STEP);
            if (use.isOfAnother(other) && use.touches(other)) {
                return true;
            }
        }
        return false;
    }

    /// Whether another rule, which may have the same proxy, is for another one.
    private boolean isByChance(Filter filter, FilterKey key) {
        return Place.of(filter, key).shared().stream()
                .flatMap(place -> Optional.ofNullable(sent.get(place)).stream())
                .flatMap(map -> map.entrySet().stream())
                .filter(entry -> !entry.getKey().equals(filter.asked().proxy()))
                .anyMatch(entry -> meets(filter.subject(), entry.getValue()));
    }

    private boolean meets(Subject subject, SortedMap<String, Subject> others) {
        reserve.take(1, Reserve.FINDING);
        if (others.containsKey(whom(subject))) {
            return true;
        }
        for (var other : others.values()) {
            reserve.take(subject.steps(other), Reserve.STEP);
            if (subject.meets(other)) {
                return true;
            }
        }
        return false;
    }

    private void add(Filter filter, FilterKey key, PolicyPeer peer, List<Statement> statements) {
        var words =
                List.of(
                        "ports as written, for proxies",
                        filter.section().direction(),
                        whom(filter.subject()),
                        Abridged.of(peer.text()),
                        key.text(true),
                        filter.asked().proxy());
        reserve.take(1, Reserve.PEER);
        words.forEach(word -> reserve.take(word.length(), Character.BYTES));
        statements.add(new Said(words));
    }

    private static String whom(Subject subject) {
        return subject.text().orElse("nobody");
    }
}
