package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Statement;
import mesh.lockstep.policy.Statement.Said;

/// Which rules are in one filter of Cilium's: a statement for each of its ports and peers.
///
/// How ports and peers are spelled is said only where that decides, because they are spelled in two
/// ways: so for the same peer
///
/// ```
/// ports: [{port: "443"}]                  ports: [{port: "443", endPort: 443}]
/// ports: [{port: "443"}]                  ports: [{port: "443", endPort: 443}]
/// ```
///
/// are the same two filters; with one of each, they are others.
final class JoinedFilters {

    private final SortedMap<Place, SortedMap<FilterKey, SortedMap<PolicyPeer, Rules>>> places =
            new TreeMap<>();
    private final Map<Boolean, Map<Filter, String>> textOfRule = new TreeMap<>();
    private final Reserve reserve;

    JoinedFilters(Reserve reserve) {
        this.reserve = reserve;
    }

    /// Ports of one direction, however they are spelled.
    private record Place(boolean ingress, FilterKey numbers) implements Comparable<Place> {

        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::ingress).thenComparing(Place::numbers);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /// The rules for one peer, for each of its spellings.
    private static final class Rules {

        private final SortedMap<String, SortedMap<Integer, Filter>> spellings = new TreeMap<>();
        private Sequence sequence = Sequence.NONE;

        /// Nothing where there is one spelling.
        String written(String spelling) {
            return spellings.size() > 1 ? " written " + spelling : "";
        }
    }

    /// Remembers that a rule is in a filter of this key, for this peer, with another one that
    /// changes what it says.
    void add(FilterKey key, PeerAsWritten peer, Filter rule, Sequence sequence) {
        reserve.take(1, Reserve.FINDING);
        var place = new Place(rule.section().ingress(), key.numbers());
        var rules =
                places.computeIfAbsent(place, _ -> new TreeMap<>())
                        .computeIfAbsent(key, _ -> new TreeMap<>())
                        .computeIfAbsent(peer.peer(), _ -> new Rules());
        rules.sequence = rules.sequence.or(sequence);
        var before =
                rules.spellings
                        .computeIfAbsent(peer.spelling(), _ -> new TreeMap<>())
                        .put(rule.number(), rule);
        if (before == null) {
            reserve.take(1, Reserve.PEER);
        }
    }

    List<Statement> statements() {
        var statements = new ArrayList<Statement>();
        places.forEach(
                (place, filters) -> {
                    var direction = place.ingress() ? "ingress " : "egress ";
                    filters.forEach(
                            (key, peers) -> {
                                var ports = direction + key.text(filters.size() > 1);
                                peers.forEach(
                                        (peer, rules) -> add(ports, key, peer, rules, statements));
                            });
                });
        return statements;
    }

    private void add(
            String ports, FilterKey key, PolicyPeer peer, Rules rules, List<Statement> statements) {
        if (rules.sequence != Sequence.NONE) {
            var words = new ArrayList<String>();
            words.add("filters that are joined, in order");
            words.add(ports);
            words.add(Abridged.of(peer.text()));
            words.addAll(inOrder(key, rules));
            statements.add(new Said(words));
            return;
        }
        rules.spellings.forEach(
                (spelling, written) -> {
                    var words = new ArrayList<String>();
                    words.add("filters that are joined");
                    words.add(ports);
                    words.add(Abridged.of(peer.text() + rules.written(spelling)));
                    words.addAll(texts(written));
                    statements.add(new Said(words));
                });
    }

    private Set<String> texts(SortedMap<Integer, Filter> rules) {
        var texts = new TreeSet<String>();
        for (var rule : rules.values()) {
            var text = text(rule, false);
            if (texts.add(text)) {
                reserve.take(text.length(), Character.BYTES);
            }
        }
        return texts;
    }

    /// Those of all spellings, of some of which Cilium makes one selector. One that is said twice
    /// in a row is said once, unless it counts how often.
    private List<String> inOrder(FilterKey key, Rules rules) {
        var isCounted = rules.sequence == Sequence.COUNTED;
        var ofRule = new TreeMap<Integer, SortedSet<String>>();
        for (var spelling : rules.spellings.entrySet()) {
            var written = rules.written(spelling.getKey());
            for (var rule : spelling.getValue().entrySet()) {
                var text = text(rule.getValue(), true) + written;
                ofRule.computeIfAbsent(rule.getKey(), _ -> new TreeSet<>())
                        .add(isCounted ? text + rule.getValue().times(key) : text);
            }
        }
        var texts = new ArrayList<String>();
        for (var all : ofRule.values()) {
            for (var text : all) {
                if (isCounted || texts.isEmpty() || !texts.getLast().equals(text)) {
                    reserve.take(text.length(), Character.BYTES);
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private String text(Filter rule, boolean isOrdered) {
        return textOfRule
                .computeIfAbsent(isOrdered, _ -> new IdentityHashMap<>())
                .computeIfAbsent(rule, filter -> filter.text(isOrdered));
    }
}
