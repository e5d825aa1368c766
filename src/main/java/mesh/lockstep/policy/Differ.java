package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import mesh.lockstep.policy.Difference.Changed;
import mesh.lockstep.policy.Difference.OnlyHere;
import mesh.lockstep.policy.Difference.OnlyThere;

/// Finds where two policies part, in the words of their manifests.
///
/// Objects are compared key by key. In a list, equal elements belong together wherever they stand,
/// and of the rest those that have most in common, so that one changed rule among twenty reads as
/// one difference.
public final class Differ {

    private final List<Difference> differences = new ArrayList<>();

    private Differ() {}

    /// The differences in the order of the manifest that is judged; empty when, and only when, the
    /// meanings are equal. Where the manifests explain nothing, the statements that only one of the
    /// two makes.
    public static List<Difference> between(Policy here, Policy there) {
        if (here.meaning().equals(there.meaning())) {
            return List.of();
        }
        var differ = new Differ();
        differ.lists(elements(here.spec()), elements(there.spec()));
        if (differ.differences.isEmpty()) {
            differ.statements(here.meaning(), there.meaning());
        }
        return List.copyOf(differ.differences);
    }

    private static List<Element> elements(Spec spec) {
        return spec.rules().stream().map(rule -> new Element(rule.path(), rule.tree())).toList();
    }

    private static List<Element> elements(String path, JsonNode array) {
        var elements = new ArrayList<Element>();
        for (var node : array) {
            elements.add(new Element(path + "[" + elements.size() + "]", node));
        }
        return elements;
    }

    private void values(Element here, Element there) {
        if (here.text().equals(there.text())) {
            return;
        }
        if (here.node().isObject() && there.node().isObject()) {
            objects(here, there);
        } else if (here.node().isArray() && there.node().isArray()) {
            if (here.node().isEmpty() || there.node().isEmpty()) {
                differences.add(new Changed(here.place(), here.shown(), there.shown()));
            } else {
                lists(elements(here.path(), here.node()), elements(there.path(), there.node()));
            }
        } else {
            differences.add(new Changed(here.place(), here.shown(), there.shown()));
        }
    }

    private void objects(Element here, Element there) {
        var keys = new LinkedHashSet<String>();
        here.node().fieldNames().forEachRemaining(keys::add);
        there.node().fieldNames().forEachRemaining(keys::add);
        for (var key : keys) {
            var ours = here.child(key);
            var theirs = there.child(key);
            if (ours.isAbsent() && !theirs.isAbsent()) {
                differences.add(new OnlyThere(theirs.place(), theirs.shown()));
            } else if (theirs.isAbsent() && !ours.isAbsent()) {
                differences.add(new OnlyHere(ours.place(), ours.shown()));
            } else if (!ours.isAbsent()) {
                values(ours, theirs);
            }
        }
    }

    private void lists(List<Element> here, List<Element> there) {
        var ours = distinct(here);
        var theirs = distinct(there);
        var onlyOurs = new ArrayList<>(ours.values());
        onlyOurs.removeIf(element -> theirs.containsKey(element.text()));
        var onlyTheirs = new ArrayList<>(theirs.values());
        onlyTheirs.removeIf(element -> ours.containsKey(element.text()));

        var pairs = Pairing.of(onlyOurs, onlyTheirs);
        for (var element : onlyOurs) {
            var partner = pairs.get(element);
            if (partner == null) {
                differences.add(new OnlyHere(element.place(), element.shown()));
            } else {
                values(element, partner);
            }
        }
        onlyTheirs.removeAll(pairs.values());
        onlyTheirs.forEach(
                element -> differences.add(new OnlyThere(element.place(), element.shown())));
    }

    private static Map<String, Element> distinct(List<Element> elements) {
        var distinct = new LinkedHashMap<String, Element>();
        elements.forEach(element -> distinct.putIfAbsent(element.text(), element));
        return distinct;
    }

    private void statements(Meaning here, Meaning there) {
        for (var statement : here.statements()) {
            if (!there.statements().contains(statement)) {
                differences.add(new OnlyHere("spec", statement.text()));
            }
        }
        for (var statement : there.statements()) {
            if (!here.statements().contains(statement)) {
                differences.add(new OnlyThere("spec", statement.text()));
            }
        }
    }
}
