package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How rules are cut into specs, sections, rules and port rules.
final class SpecRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("specs for spec", SpecRewrites::specsForSpec),
                    new Rewrite("spec split", SpecRewrites::splitSpec),
                    new Rewrite("peers split", SpecRewrites::splitPeers),
                    new Rewrite("port rules split", SpecRewrites::splitPortRules),
                    new Rewrite("port rules joined", SpecRewrites::joinPortRules),
                    new Rewrite("requests split", SpecRewrites::splitRequests));

    private static final List<String> SECTIONS =
            List.of("ingress", "egress", "ingressDeny", "egressDeny");

    private static final Set<String> PEERS =
            Set.of(
                    "fromEndpoints",
                    "toEndpoints",
                    "fromNodes",
                    "toNodes",
                    "fromEntities",
                    "toEntities",
                    "fromCIDR",
                    "toCIDR",
                    "fromCIDRSet",
                    "toCIDRSet",
                    "toFQDNs",
                    "fromGroups",
                    "toGroups",
                    "toServices");

    private SpecRewrites() {}

    private static boolean specsForSpec(ObjectNode policy, Dice dice) {
        if (policy.get("spec") instanceof ObjectNode spec) {
            policy.remove("spec");
            policy.withArrayProperty("specs").add(spec);
            return true;
        }
        if (policy.get("specs") instanceof ArrayNode specs && !specs.isEmpty()) {
            policy.set("spec", specs.remove(dice.below(specs.size())));
            return true;
        }
        return false;
    }

    /// Takes a section, or a rule of one, into a spec of its own.
    private static boolean splitSpec(ObjectNode policy, Dice dice) {
        var specs = Place.all(policy, SpecRewrites::isSpec);
        if (specs.isEmpty()) {
            return false;
        }
        var spec = (ObjectNode) dice.one(specs).value();
        var filled =
                SECTIONS.stream()
                        .filter(it -> spec.get(it) instanceof ArrayNode list && !list.isEmpty())
                        .toList();
        if (filled.isEmpty()) {
            return false;
        }
        var section = dice.one(filled);
        var rules = (ArrayNode) spec.get(section);
        var other = spec.deepCopy();
        SECTIONS.forEach(other::remove);
        if (rules.size() > 1) {
            other.putArray(section).add(rules.remove(dice.below(rules.size())));
        } else if (filled.size() > 1) {
            other.set(section, spec.remove(section));
        } else {
            other.set(section, rules.deepCopy());
        }
        policy.withArrayProperty("specs").add(other);
        return true;
    }

    private static boolean isSpec(Place place) {
        return place.value().isObject() && (place.field().equals("spec") || inSpecs(place));
    }

    private static boolean inSpecs(Place place) {
        return place instanceof Place.Element && place.field().equals("specs");
    }

    static boolean splitPeers(ObjectNode policy, Dice dice) {
        return split(policy, dice, PEERS);
    }

    static boolean splitPortRules(ObjectNode policy, Dice dice) {
        return split(policy, dice, Set.of("toPorts", "ports", "icmps", "fields"));
    }

    static boolean splitRequests(ObjectNode policy, Dice dice) {
        return split(policy, dice, Set.of("http", "dns"));
    }

    /// Makes two of the element around a list of several: the one with the first of them, the other
    /// with the rest.
    private static boolean split(ObjectNode policy, Dice dice, Set<String> lists) {
        var elements =
                Place.all(policy, it -> it instanceof Place.Element && hasSeveral(it, lists));
        if (elements.isEmpty()) {
            return false;
        }
        var element = (Place.Element) dice.one(elements);
        var other = element.value().deepCopy();
        several(element.value(), lists).orElseThrow().remove(0);
        var first = several(other, lists).orElseThrow();
        while (first.size() > 1) {
            first.remove(1);
        }
        element.parent().insert(element.index(), other);
        return true;
    }

    private static boolean hasSeveral(Place place, Set<String> lists) {
        return several(place.value(), lists).isPresent();
    }

    private static Optional<ArrayNode> several(
            com.fasterxml.jackson.databind.JsonNode node, Set<String> lists) {
        var within = lists.contains("http") ? node.path("rules") : node;
        return within.properties().stream()
                .filter(it -> lists.contains(it.getKey()))
                .filter(it -> it.getValue().size() > 1)
                .map(it -> (ArrayNode) it.getValue())
                .findFirst();
    }

    private static boolean joinPortRules(ObjectNode policy, Dice dice) {
        var lists = Place.all(policy, it -> it.field().equals("toPorts") && it.value().size() > 1);
        if (lists.isEmpty()) {
            return false;
        }
        var rules = dice.one(lists).value();
        if (rules.get(0) instanceof ObjectNode one
                && rules.get(1) instanceof ObjectNode other
                && rules instanceof ArrayNode list
                && one.get("ports") instanceof ArrayNode ports
                && other.get("ports") instanceof ArrayNode more
                && one.size() == 1
                && other.size() == 1) {
            ports.addAll(more);
            list.remove(1);
            return true;
        }
        return false;
    }
}
