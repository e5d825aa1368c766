package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Port rules that send flows through a proxy: requests, names, TLS, listeners.
final class RandomProxying {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;
    private final RandomPeers names;

    RandomProxying(Dice dice) {
        this.dice = dice;
        names = new RandomPeers(dice);
    }

    /// Ports come with it: Cilium refuses requests on other protocols than TCP, and names on
    /// ranges.
    void addTo(ObjectNode rule, boolean ingress) {
        switch (dice.below(ingress ? 6 : 10)) {
            case 0, 1, 2 -> addRequests(rule);
            case 3 -> {
                ports(rule, "TCP");
                rule.set("serverNames", serverNames());
            }
            case 4, 5 -> addTls(rule);
            case 6, 7, 8 -> {
                ports(rule, dice.one("ANY", "UDP", "TCP"));
                var dns = rule.putObject("rules").putArray("dns");
                for (var n = dice.chance(5) ? 0 : dice.few(3); n > 0; n--) {
                    dns.add(names.name());
                }
            }
            default -> {
                ports(rule, "TCP");
                rule.set("listener", listener());
            }
        }
    }

    private void ports(ObjectNode rule, String protocol) {
        var ports = rule.putArray("ports");
        for (var n = dice.few(2); n > 0; n--) {
            ports.addObject().put("port", dice.one("80", "443", "http")).put("protocol", protocol);
        }
    }

    private void addRequests(ObjectNode rule) {
        ports(rule, "TCP");
        var http = rule.putObject("rules").putArray("http");
        for (var n = dice.chance(5) ? 0 : dice.few(3); n > 0; n--) {
            http.add(request());
        }
    }

    private ObjectNode request() {
        var request = NODES.objectNode();
        for (var field : List.of("method", "path", "host")) {
            if (dice.chance(field.equals("host") ? 15 : 50)) {
                request.put(field, Alphabet.text(field, dice));
            }
        }
        if (dice.chance(20)) {
            var headers = request.putArray("headers");
            for (var n = dice.few(2); n > 0; n--) {
                headers.add(Alphabet.text("headers", dice));
            }
        }
        if (dice.chance(20)) {
            var matches = request.putArray("headerMatches");
            for (var n = dice.few(2); n > 0; n--) {
                matches.add(headerMatch());
            }
        }
        return request;
    }

    private ObjectNode headerMatch() {
        var match = NODES.objectNode().put("name", Alphabet.text("header", dice));
        if (dice.chance(70)) {
            match.put("value", Alphabet.text("value", dice));
        }
        if (dice.chance(40)) {
            match.put("mismatch", Alphabet.text("mismatch", dice));
        }
        if (dice.chance(20)) {
            match.set("secret", secret());
        }
        return match;
    }

    private void addTls(ObjectNode rule) {
        ports(rule, "TCP");
        rule.set("terminatingTLS", context());
        if (dice.chance(50)) {
            rule.set("originatingTLS", context());
        }
        if (dice.chance(30)) {
            rule.set("serverNames", serverNames());
        }
        if (dice.chance(50)) {
            rule.putObject("rules").putArray("http").add(request());
        }
    }

    private ObjectNode context() {
        var context = NODES.objectNode();
        context.set("secret", secret());
        for (var field : List.of("trustedCA", "certificate", "privateKey")) {
            if (dice.chance(20)) {
                context.put(field, Alphabet.text(field, dice));
            }
        }
        return context;
    }

    private ObjectNode secret() {
        var secret = NODES.objectNode().put("name", Alphabet.text("secret", dice));
        return dice.chance(50) ? secret.put("namespace", dice.one("ns1", "ns2")) : secret;
    }

    /// A set: the API server refuses duplicates.
    private ArrayNode serverNames() {
        var list = NODES.arrayNode();
        dice.shuffled(List.of("a.io", "b.io", "*.c.io")).stream()
                .limit(dice.few(3))
                .forEach(list::add);
        return list;
    }

    private ObjectNode listener() {
        var listener = NODES.objectNode().put("name", Alphabet.text("listener", dice));
        var config = listener.putObject("envoyConfig").put("name", Alphabet.text("listener", dice));
        if (dice.chance(40)) {
            config.put("kind", Alphabet.text("kind", dice));
        }
        if (dice.chance(30)) {
            listener.set("priority", Alphabet.any("priority", dice));
        }
        return listener;
    }
}
