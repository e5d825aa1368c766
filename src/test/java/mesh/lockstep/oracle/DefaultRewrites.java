package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.BiConsumer;

/// What need not be said: defaults, nulls, empty values that count as absent, and remarks.
final class DefaultRewrites {

    static final List<Rewrite> ALL =
            List.of(
                    new Rewrite("default said", DefaultRewrites::addDefault),
                    new Rewrite("default said", DefaultRewrites::addDefault),
                    new Rewrite("null said", DefaultRewrites::addNull),
                    new Rewrite("remark added", DefaultRewrites::addRemark));

    /// What may be added to the objects in a list, or in a property, of this name.
    private record Default(String within, String absent, BiConsumer<ObjectNode, String> add) {}

    private static final List<Default> DEFAULTS =
            List.of(
                    new Default("fields", "family", (it, name) -> it.put(name, "IPv4")),
                    new Default("ports", "endPort", (it, name) -> it.put(name, 0)),
                    new Default("http", "method", (it, name) -> it.put(name, "")),
                    new Default("http", "headers", ObjectNode::putArray),
                    new Default("http", "headerMatches", ObjectNode::putArray),
                    new Default("toPorts", "ports", ObjectNode::putArray),
                    new Default("k8sService", "namespace", (it, name) -> it.put(name, "")),
                    new Default("fromEndpoints", "matchLabels", ObjectNode::putObject),
                    new Default("toEndpoints", "matchExpressions", ObjectNode::putArray),
                    new Default("fromCIDRSet", "except", ObjectNode::putArray),
                    new Default("toCIDRSet", "except", ObjectNode::putArray),
                    new Default("spec", "enableDefaultDeny", ObjectNode::putObject),
                    new Default("specs", "enableDefaultDeny", ObjectNode::putObject),
                    new Default("spec", "egressDeny", ObjectNode::putArray),
                    new Default("spec", "ingress", ObjectNode::putArray),
                    new Default("specs", "egress", ObjectNode::putArray),
                    new Default("egress", "toPorts", ObjectNode::putArray),
                    new Default("ingress", "icmps", ObjectNode::putArray),
                    new Default("egress", "toFQDNs", ObjectNode::putArray),
                    new Default("egress", "toServices", ObjectNode::putArray),
                    new Default("ingress", "fromGroups", ObjectNode::putArray),
                    new Default("envoyConfig", "kind", DefaultRewrites::kind));

    private DefaultRewrites() {}

    private static void kind(ObjectNode config, String name) {
        config.put(name, "CiliumEnvoyConfig");
    }

    private static boolean addDefault(ObjectNode policy, Dice dice) {
        for (var one : dice.shuffled(DEFAULTS)) {
            var places =
                    Place.all(
                            policy,
                            it ->
                                    it.field().equals(one.within())
                                            && it.value().isObject()
                                            && !it.value().has(one.absent()));
            if (!places.isEmpty()) {
                one.add().accept((ObjectNode) dice.one(places).value(), one.absent());
                return true;
            }
        }
        return false;
    }

    private static boolean addNull(ObjectNode policy, Dice dice) {
        var objects = Place.all(policy, it -> it.value().isObject());
        if (objects.isEmpty()) {
            return false;
        }
        var place = dice.one(objects);
        var object = (ObjectNode) place.value();
        var name =
                switch (place.field()) {
                    case "matchLabels" -> dice.one("app", "role");
                    case "spec", "specs" -> dice.one("ingress", "egressDeny", "nodeSelector");
                    case "ingress" -> dice.one("fromEndpoints", "fromCIDR", "toPorts", "icmps");
                    case "egress" -> dice.one("toFQDNs", "toEntities", "toPorts");
                    case "ports" -> dice.one("endPort", "protocol");
                    case "toPorts" -> dice.one("rules", "serverNames", "listener");
                    default -> "matchLabels";
                };
        if (object.has(name)) {
            return false;
        }
        object.putNull(name);
        return true;
    }

    private static boolean addRemark(ObjectNode policy, Dice dice) {
        var specs = Place.all(policy, it -> it.value().has("endpointSelector"));
        if (specs.isEmpty()) {
            return false;
        }
        var spec = (ObjectNode) dice.one(specs).value();
        switch (dice.below(3)) {
            case 0 -> spec.set("description", TextNode.valueOf("a remark"));
            case 1 -> spec.putObject("log").put("value", "a remark");
            default -> spec.putArray("labels").addObject().put("key", "team").put("value", "a");
        }
        return true;
    }
}
