package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mesh.lockstep.policy.Statement.Reach;
import mesh.lockstep.policy.Statement.Traffic;

/// Which elements of one list and of another are meant to be the same thing, changed: those that
/// have most in common.
final class Pairing {

    /// Pairs looked at. Beyond it, which takes two lists of three hundred changed elements each,
    /// they are paired in order.
    private static final int MAX_PAIRS = 100_000;

    private static final int MAX_WORDS = 200;

    private Pairing() {}

    private record Candidate(Element here, Element there, double similarity) {}

    /// For each element of `here` that has a partner, its partner in `there`. Nothing in common, no
    /// partner; except where one single value or rule stands against another.
    static Map<Element, Element> of(List<Element> here, List<Element> there, Isolated meanings) {
        var isEntry =
                !here.isEmpty() && here.getFirst().tree().isObject() && !here.getFirst().isRule();
        var single = here.size() == 1 && there.size() == 1 && !isEntry;
        if (single || (long) here.size() * there.size() > MAX_PAIRS) {
            return inOrder(here, there);
        }
        var pairs = new HashMap<Element, Element>();
        var taken = new HashSet<Element>();
        for (var candidate : candidates(here, there, meanings)) {
            if (!pairs.containsKey(candidate.here()) && taken.add(candidate.there())) {
                pairs.put(candidate.here(), candidate.there());
            }
        }
        return pairs;
    }

    private static Map<Element, Element> inOrder(List<Element> here, List<Element> there) {
        var pairs = new HashMap<Element, Element>();
        for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
            pairs.put(here.get(i), there.get(i));
        }
        return pairs;
    }

    /// The best first; among equals, in the order of the manifests.
    private static List<Candidate> candidates(
            List<Element> here, List<Element> there, Isolated meanings) {
        var theirWords = there.stream().map(it -> words(it, meanings)).toList();
        var candidates = new ArrayList<Candidate>();
        for (var ours : here) {
            var ourWords = words(ours, meanings);
            for (int i = 0; i < there.size(); i++) {
                var similarity = similarity(ourWords, theirWords.get(i));
                if (similarity > 0) {
                    candidates.add(new Candidate(ours, there.get(i), similarity));
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::similarity).reversed());
        return candidates;
    }

    private static double similarity(Set<String> ours, Set<String> theirs) {
        var shared = ours.stream().filter(theirs::contains).count();
        return (double) shared / Math.max(ours.size(), theirs.size());
    }

    /// What an element says: leaf by leaf, positions in lists left out; and by the peers and ports
    /// of what it means, however they are spelled.
    private static Set<String> words(Element element, Isolated meanings) {
        var words = new HashSet<String>();
        collect("", element.tree(), words);
        if (element.tree().has("operator")) {
            // A requirement of a selector: what its rule says of peers and ports is not its own.
            return words;
        }
        meanings.of(element).stream()
                .flatMap(it -> it.statements().stream())
                .flatMap(it -> it.reach().stream())
                .flatMap(it -> words(it, element.isRule()))
                .limit(MAX_WORDS)
                .forEach(words::add);
        return words;
    }

    /// @param ofRule the entries of one rule have its subject in common
    private static Stream<String> words(Reach reach, boolean ofRule) {
        return Stream.of(
                        ofRule ? Stream.of(reach.subject()) : Stream.<String>of(),
                        reach.peers().stream().map(Peer::text),
                        reach.traffic().stream().map(it -> it.ports().text()),
                        reach.traffic().stream().map(Traffic::conditions))
                .flatMap(it -> it)
                .filter(it -> !it.isEmpty());
    }

    private static void collect(String path, JsonNode node, Set<String> leaves) {
        if (node.isContainerNode() && !node.isEmpty()) {
            if (node.isObject()) {
                node.properties()
                        .forEach(it -> collect(path + "." + it.getKey(), it.getValue(), leaves));
            } else {
                node.forEach(child -> collect(path, child, leaves));
            }
        } else {
            leaves.add(path + "=" + CanonicalJson.text(node));
        }
    }
}
