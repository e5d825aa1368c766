package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Policies of all fields that Cilium's schema has, small enough to meet each other.
///
/// A policy is an object with `spec` and `specs`, as of a CiliumNetworkPolicy `ns1/p`; one that is
/// clusterwide has `ccnp: true` besides.
final class RandomPolicies {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;
    private final boolean clusterwide;
    private final RandomSelectors selectors;
    private final RandomPeers peers;
    private final RandomPorts ports;

    RandomPolicies(Dice dice, boolean clusterwide) {
        this.dice = dice;
        this.clusterwide = clusterwide;
        selectors = new RandomSelectors(dice);
        peers = new RandomPeers(dice);
        ports = new RandomPorts(dice);
    }

    ObjectNode policy() {
        var policy = NODES.objectNode();
        if (clusterwide) {
            policy.put("ccnp", true);
        }
        var kind = dice.below(20);
        if (kind < 13) {
            policy.set("spec", spec());
        }
        if (kind >= 11) {
            var specs = policy.putArray("specs");
            for (var n = kind == 11 ? 0 : dice.few(3); n > 0; n--) {
                specs.add(spec());
            }
        }
        return policy;
    }

    ObjectNode spec() {
        var spec = NODES.objectNode();
        var ofNodes = clusterwide && dice.chance(15);
        spec.set(ofNodes ? "nodeSelector" : "endpointSelector", selectors.selector());
        var sections = dice.few(2);
        for (var n = 0; n < sections || dice.chance(4); n++) {
            addSection(spec);
        }
        if (dice.chance(4)) {
            var section = dice.one("ingress", "egress", "ingressDeny", "egressDeny");
            if (!spec.has(section)) {
                spec.putArray(section);
            }
        }
        if (dice.chance(15)) {
            addDefaultDeny(spec);
        }
        if (dice.chance(4)) {
            spec.put("description", Alphabet.text("description", dice));
        }
        if (dice.chance(2)) {
            spec.putObject("log").put("value", Alphabet.text("description", dice));
        }
        if (dice.chance(2)) {
            spec.putArray("labels").addObject().put("key", "k").put("value", dice.one("a", "b"));
        }
        return spec;
    }

    private void addSection(ObjectNode spec) {
        var ingress = dice.chance(50);
        var deny = dice.chance(25);
        var rules = spec.putArray((ingress ? "ingress" : "egress") + (deny ? "Deny" : ""));
        for (var n = dice.few(2); n > 0; n--) {
            rules.add(rule(ingress, deny));
            if (dice.chance(15)) {
                rules.add(sibling((ObjectNode) rules.get(rules.size() - 1)));
            }
        }
    }

    /// A rule of the same peers and ports that asks nothing else of them: Cilium merges the two.
    private static ObjectNode sibling(ObjectNode rule) {
        var sibling = rule.deepCopy();
        sibling.remove("authentication");
        for (var portRule : sibling.path("toPorts")) {
            if (portRule instanceof ObjectNode object) {
                object.retain("ports");
            }
        }
        return sibling;
    }

    ObjectNode rule(boolean ingress, boolean deny) {
        var rule = NODES.objectNode();
        if (dice.chance(6)) {
            return rule;
        }
        peers.addTo(rule, ingress, deny);
        ports.addTo(rule, ingress, deny);
        if (!deny && dice.chance(7)) {
            rule.putObject("authentication").put("mode", Alphabet.text("mode", dice));
        }
        return rule;
    }

    private void addDefaultDeny(ObjectNode spec) {
        var flags = spec.putObject("enableDefaultDeny");
        if (dice.chance(60)) {
            flags.put("ingress", dice.chance(40));
        }
        if (dice.chance(60)) {
            flags.put("egress", dice.chance(40));
        }
    }
}
