package mesh.lockstep.difference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import mesh.lockstep.difference.Merge.Elements;
import mesh.lockstep.difference.Merge.Entries;
import mesh.lockstep.difference.Merge.Properties;
import mesh.lockstep.difference.Merge.Same;
import mesh.lockstep.policy.Spec;

/// Where the texts of two manifests part.
///
/// Objects are compared key by key. In a list, elements of equal text belong together wherever they
/// are, then those that mean the same in their place, and of the rest those that have the most in
/// common.
final class Comparison {

    private final Trial trial;
    private final Budget budget;
    private final boolean bySpelling;
    private final Choices choices;
    private final Merge rules;

    /// @param bySpelling whether elements that mean the same in their place are told apart
    Comparison(Spec here, Spec there, Trial trial, Budget budget, boolean bySpelling) {
        this.trial = trial;
        this.budget = budget;
        this.bySpelling = bySpelling;
        this.choices = new Choices(budget);
        var ours = Element.of(here, budget);
        var theirs = Element.of(there, budget);
        var lists = lists(ours, theirs, UnaryOperator.identity());
        this.rules =
                choices.count() == 0 && haveSameTexts(ours, theirs)
                        ? choices.reordered("spec", list(here), list(there))
                        : lists;
    }

    private static JsonNode list(Spec spec) {
        return JsonNodeFactory.instance.arrayNode().addAll(spec.trees());
    }

    private static boolean haveSameTexts(List<Element> here, List<Element> there) {
        return without(here, there).isEmpty() && without(there, here).isEmpty();
    }

    /// Whether there was not enough time or budget: the choices are the first of more.
    boolean isCutShort() {
        return budget.isUsedUp();
    }

    /// The rules here, in which the differences may be settled.
    Merge rules() {
        return rules;
    }

    Choices choices() {
        return choices;
    }

    /// @param context what becomes of a rule when a value is in this place, other sections left out
    private Merge values(Element here, Element there, UnaryOperator<JsonNode> context) {
        if (budget.isUsedUp() || here.text().equals(there.text())) {
            return new Same(here.tree());
        }
        if (here.tree().isObject() && there.tree().isObject()) {
            return objects(here, there, context);
        }
        var before = choices.count();
        if (!here.elements().isEmpty() && !there.elements().isEmpty()) {
            UnaryOperator<JsonNode> alone =
                    node -> context.apply(JsonNodeFactory.instance.arrayNode().add(node));
            var lists = lists(here.elements(), there.elements(), alone);
            return choices.count() == before && haveSameTexts(here.elements(), there.elements())
                    ? choices.reordered(here.place(), here.tree(), there.tree())
                    : lists;
        }
        return choices.changed(here, there);
    }

    private Merge objects(Element here, Element there, UnaryOperator<JsonNode> context) {
        var keys = new LinkedHashSet<String>();
        here.tree().fieldNames().forEachRemaining(keys::add);
        there.tree().fieldNames().forEachRemaining(keys::add);
        var properties = new LinkedHashMap<String, Merge>();
        for (var key : keys) {
            var ours = here.child(key);
            var theirs = there.child(key);
            if (ours.isAbsent()) {
                properties.put(key, choices.onlyThere(theirs));
            } else if (theirs.isAbsent()) {
                properties.put(key, choices.onlyHere(ours));
            } else {
                UnaryOperator<JsonNode> inside =
                        node -> context.apply(around(here.tree(), key).<ObjectNode>set(key, node));
                properties.put(key, values(ours, theirs, inside));
            }
        }
        return new Properties(properties);
    }

    /// The object, without the other sections if it has any.
    private static ObjectNode around(JsonNode object, String key) {
        var around = JsonNodeFactory.instance.objectNode().<ObjectNode>setAll((ObjectNode) object);
        return Spec.SECTIONS.contains(key) ? around.remove(Spec.SECTIONS) : around;
    }

    private Merge lists(List<Element> here, List<Element> there, UnaryOperator<JsonNode> context) {
        var ours = without(here, there);
        var theirs = without(there, here);
        var meanings = new Isolated(ours, theirs, context, trial);
        if (!bySpelling) {
            meanings.removeShared(ours, theirs);
        }

        var pairs = Pairing.of(List.copyOf(ours), List.copyOf(theirs), meanings, budget);
        var elements = new ArrayList<Merge>();
        for (var element : distinct(here)) {
            var partner = pairs.get(element);
            if (partner != null) {
                elements.add(values(element, partner, context));
            } else if (ours.contains(element)) {
                elements.add(alone(element, choices::onlyHere));
            } else {
                elements.add(new Same(element.tree()));
            }
        }
        theirs.removeAll(new HashSet<>(pairs.values()));
        theirs.forEach(their -> elements.add(alone(their, choices::onlyThere)));
        return new Elements(elements);
    }

    /// The elements whose text none of the others has.
    private static Set<Element> without(List<Element> elements, List<Element> others) {
        var texts = others.stream().map(Element::text).collect(Collectors.toSet());
        return distinct(elements).stream()
                .filter(element -> !texts.contains(element.text()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Saying a thing twice says no more.
    private static Collection<Element> distinct(List<Element> elements) {
        var distinct = new LinkedHashMap<String, Element>();
        elements.forEach(element -> distinct.putIfAbsent(element.text(), element));
        return distinct.values();
    }

    /// An element without a partner; a rule entry by entry, of which only some may matter.
    private Merge alone(Element element, Function<Element, Merge> only) {
        if (Spec.SECTIONS.stream()
                .allMatch(section -> element.child(section).elements().isEmpty())) {
            return only.apply(element);
        }
        var first = choices.count();
        var properties = new LinkedHashMap<String, Merge>();
        for (var property : element.tree().properties()) {
            var key = property.getKey();
            var entries = element.child(key).elements();
            properties.put(
                    key,
                    Spec.SECTIONS.contains(key) && !entries.isEmpty()
                            ? new Elements(entries.stream().map(only).toList())
                            : new Same(property.getValue()));
        }
        choices.group(first, element);
        return new Entries(new Properties(properties));
    }
}
