package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The other end of a rule: one kind of peers per rule, as Cilium requires.
final class RandomPeers {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Blocks of addresses that lie in others.
    private static final Map<String, List<String>> INNER =
            Map.of(
                    "10.0.0.0/8",
                            List.of("10.1.0.0/16", "10.1.9.9/16", "10.0.0.0/9", "10.1.2.3/32"),
                    "10.0.0.0/9", List.of("10.1.0.0/16", "10.1.2.3/32"),
                    "0.0.0.0/0", List.of("10.0.0.0/8", "10.128.0.0/9", "192.168.0.0/24"),
                    "fd00::/8", List.of("fd00:1::/32", "FD00:1::/32"),
                    "::/0", List.of("fd00::/8", "2001:db8::1/128"));

    private final Dice dice;
    private final RandomSelectors selectors;

    RandomPeers(Dice dice) {
        this.dice = dice;
        selectors = new RandomSelectors(dice);
    }

    /// Adds them, or none.
    void addTo(ObjectNode rule, boolean ingress, boolean deny) {
        var from = ingress ? "from" : "to";
        switch (dice.below(ingress ? 20 : 26)) {
            case 0, 1, 2 -> {}
            case 3, 4, 5, 6, 7, 8 -> rule.set(from + "Endpoints", selectors.selectors());
            case 9, 10 -> rule.set(from + "Nodes", selectors.selectors());
            case 11, 12, 13 -> rule.set(from + "Entities", list(3, this::entity));
            case 14, 15 -> rule.set(from + "CIDR", list(3, () -> Alphabet.text("cidr", dice)));
            case 16, 17, 18 -> rule.set(from + "CIDRSet", objects(3, this::block));
            case 19 -> rule.set(from + "Groups", objects(2, this::group));
            case 20, 21, 22, 23 -> addNames(rule, deny);
            default -> rule.set("toServices", objects(2, this::service));
        }
    }

    private void addNames(ObjectNode rule, boolean deny) {
        if (!deny) {
            rule.set("toFQDNs", objects(3, this::name));
        }
    }

    private String entity() {
        return Alphabet.text("entities", dice);
    }

    /// Names for `toFQDNs` and `rules.dns`.
    ObjectNode name() {
        var field = dice.chance(40) ? "matchName" : "matchPattern";
        return NODES.objectNode().put(field, Alphabet.text(field, dice));
    }

    ObjectNode block() {
        var block = NODES.objectNode();
        switch (dice.below(10)) {
            case 0, 1 -> block.put("cidrGroupRef", Alphabet.text("cidrGroupRef", dice));
            case 2 -> block.set("cidrGroupSelector", groupSelector());
            case 3, 4, 5 -> block.put("cidr", Alphabet.text("cidr", dice));
            default -> {
                var base = dice.one(List.copyOf(INNER.keySet().stream().sorted().toList()));
                block.put("cidr", base);
                block.set("except", list(3, () -> dice.one(INNER.getOrDefault(base, List.of()))));
            }
        }
        if (!block.has("except") && dice.chance(block.has("cidr") ? 10 : 30)) {
            block.set("except", block.has("cidr") ? NODES.arrayNode() : list(2, this::inGroup));
        }
        return block;
    }

    private String inGroup() {
        return Alphabet.text("cidr", dice);
    }

    private ObjectNode groupSelector() {
        var selector = NODES.objectNode();
        if (dice.chance(70)) {
            selector.putObject("matchLabels").put(dice.one("app", "tier"), dice.one("a", "b"));
        } else {
            selector.putArray("matchExpressions").add(selectors.expression());
        }
        return selector;
    }

    private ObjectNode group() {
        if (dice.chance(5)) {
            return NODES.objectNode();
        }
        var group = NODES.objectNode();
        var aws = group.putObject("aws");
        for (var field : List.of("securityGroupsIds", "securityGroupsNames")) {
            if (dice.chance(60)) {
                aws.set(field, list(2, () -> Alphabet.text(field, dice)));
            }
        }
        if (dice.chance(30)) {
            aws.put("region", Alphabet.text("region", dice));
        }
        if (dice.chance(30)) {
            aws.putObject("labels").put("team", dice.one("a", "b"));
        }
        return group;
    }

    private ObjectNode service() {
        var service = NODES.objectNode();
        if (dice.chance(60)) {
            var named = service.putObject("k8sService");
            named.put("serviceName", Alphabet.text("serviceName", dice));
            addNamespace(named);
        }
        if (dice.chance(45)) {
            var selected = service.putObject("k8sServiceSelector");
            selected.set("selector", selectors.selector());
            addNamespace(selected);
        }
        return service;
    }

    private void addNamespace(ObjectNode to) {
        if (dice.chance(70)) {
            to.put("namespace", Alphabet.text("namespace", dice));
        }
    }

    private ArrayNode list(int most, Supplier<String> element) {
        var list = NODES.arrayNode();
        for (var n = dice.chance(5) ? 0 : dice.few(most); n > 0; n--) {
            list.add(element.get());
        }
        return list;
    }

    private ArrayNode objects(int most, Supplier<ObjectNode> element) {
        var list = NODES.arrayNode();
        for (var n = dice.chance(5) ? 0 : dice.few(most); n > 0; n--) {
            list.add(element.get());
        }
        return list;
    }
}
