package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which elements of one list and of another are meant to be the same thing, changed: those that
/// have most in common.
final class Pairing {

    /// Pairs looked at. Beyond it, which takes two lists of a hundred changed elements each, they
    /// are paired in order.
    private static final int MAX_PAIRS = 10_000;

    private Pairing() {}

    private record Candidate(Element here, Element there, double similarity) {}

    /// For each element of `here` that has a partner, its partner in `there`. Nothing in common, no
    /// partner; except where one single value stands against another.
    static Map<Element, Element> of(List<Element> here, List<Element> there) {
        if ((long) here.size() * there.size() > MAX_PAIRS) {
            return inOrder(here, there);
        }
        if (here.size() == 1 && there.size() == 1) {
            return inOrder(here, there);
        }
        var pairs = new IdentityHashMap<Element, Element>();
        var taken = new HashSet<Element>();
        for (var candidate : candidates(here, there)) {
            if (!pairs.containsKey(candidate.here()) && taken.add(candidate.there())) {
                pairs.put(candidate.here(), candidate.there());
            }
        }
        return pairs;
    }

    private static Map<Element, Element> inOrder(List<Element> here, List<Element> there) {
        var pairs = new IdentityHashMap<Element, Element>();
        for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
            pairs.put(here.get(i), there.get(i));
        }
        return pairs;
    }

    /// The best first; among equals, in the order of the manifests.
    private static List<Candidate> candidates(List<Element> here, List<Element> there) {
        var theirLeaves = there.stream().map(Pairing::leaves).toList();
        var candidates = new ArrayList<Candidate>();
        for (var ours : here) {
            var ourLeaves = leaves(ours);
            for (int i = 0; i < there.size(); i++) {
                var similarity = similarity(ourLeaves, theirLeaves.get(i));
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

    /// What an element says, leaf by leaf, positions in lists left out.
    private static Set<String> leaves(Element element) {
        var leaves = new HashSet<String>();
        collect("", element.node(), leaves);
        return leaves;
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
