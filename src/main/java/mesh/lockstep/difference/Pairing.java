package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mesh.lockstep.policy.CanonicalJson;

/// Which elements of one list and of another are meant to be the same thing, changed: those that
/// have the most in common.
final class Pairing {

    /// Pairs looked at. Beyond it, which takes two lists of three hundred changed elements each,
    /// they are paired in order.
    private static final int MAX_PAIRS = 100_000;

    /// What an element says, as far as it is looked at.
    private static final int MAX_WORDS = 1_000;

    /// What is counted in one step of the budget.
    private static final int WORDS = 8;

    private final Isolated meanings;
    private final Budget budget;

    private Pairing(Isolated meanings, Budget budget) {
        this.meanings = meanings;
        this.budget = budget;
    }

    private record Candidate(Element here, Element there, double similarity) {}

    /// For each element of `here` that has a partner, its partner in `there`. Nothing in common, no
    /// partner; except where a single value or rule faces another.
    static Map<Element, Element> of(
            List<Element> here, List<Element> there, Isolated meanings, Budget budget) {
        var isEntry =
                !here.isEmpty() && here.getFirst().tree().isObject() && !here.getFirst().isRule();
        var single = here.size() == 1 && there.size() == 1 && !isEntry;
        if (single || (long) here.size() * there.size() > MAX_PAIRS) {
            return inOrder(here, there);
        }
        var pairs = new HashMap<Element, Element>();
        var taken = new HashSet<Element>();
        for (var candidate : new Pairing(meanings, budget).candidates(here, there)) {
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
    private List<Candidate> candidates(List<Element> here, List<Element> there) {
        var theirWords = there.stream().map(this::words).toList();
        var theirs = index(theirWords);
        var candidates = new ArrayList<Candidate>();
        for (var ours : here) {
            var ourWords = words(ours);
            var shared = shared(ourWords, theirs, there.size());
            for (int i = 0; i < there.size(); i++) {
                if (shared[i] > 0) {
                    var most = Math.max(ourWords.size(), theirWords.get(i).size());
                    candidates.add(new Candidate(ours, there.get(i), (double) shared[i] / most));
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::similarity).reversed());
        return candidates;
    }

    /// For each word, the numbers of the elements that have it.
    private static Map<String, List<Integer>> index(List<Set<String>> words) {
        var index = new HashMap<String, List<Integer>>();
        for (int i = 0; i < words.size(); i++) {
            for (var word : words.get(i)) {
                index.computeIfAbsent(word, _ -> new ArrayList<>()).add(i);
            }
        }
        return index;
    }

    /// How many of these words each of the others says.
    private int[] shared(Set<String> words, Map<String, List<Integer>> others, int size) {
        var shared = new int[size];
        for (var word : words) {
            var saying = others.getOrDefault(word, List.of());
            if (!budget.spend(1 + saying.size() / WORDS)) {
                return shared;
            }
            saying.forEach(index -> shared[index]++);
        }
        return shared;
    }

    /// What an element says: leaf by leaf, positions in lists left out; and by the peers and ports
    /// of what it means.
    private Set<String> words(Element element) {
        var words = new HashSet<String>();
        collect("", element.tree(), words);
        if (element.isReadOtherwise()) {
            // Texts that are alike belong together, though they may be read in two ways.
            collect("", element.written(), words);
        }
        if (!element.tree().has("operator")) {
            // What its rule says of peers and ports does not belong to a requirement of a selector.
            words.addAll(meanings.words(element));
        }
        return words;
    }

    private void collect(String path, JsonNode node, Set<String> leaves) {
        if (leaves.size() == MAX_WORDS || !budget.spend(1 + path.length() / Budget.CHARACTERS)) {
            return;
        }
        if (node.isContainerNode() && !node.isEmpty()) {
            if (node.isObject()) {
                for (var property : node.properties()) {
                    collect(path + "." + property.getKey(), property.getValue(), leaves);
                }
            } else {
                node.forEach(child -> collect(path, child, leaves));
            }
        } else {
            leaves.add(path + "=" + CanonicalJson.text(node));
        }
    }
}
