package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Port rules that share a few ports, and ask for different things on them.
final class MeetingPorts {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;

    MeetingPorts(Dice dice) {
        this.dice = dice;
    }

    /// What the rules of a section are about.
    enum Theme {
        REQUESTS("80", "TCP"),
        NAMES("53", "UDP"),
        SERVER_NAMES("443", "TCP"),
        LISTENERS("443", "TCP"),
        /// Nothing but ports.
        PLAIN("80", "TCP"),
        /// A bit of each: most contradict each other.
        ALL("80", "TCP");

        private final String port;
        private final String protocol;

        Theme(String port, String protocol) {
            this.port = port;
            this.protocol = protocol;
        }
    }

    Theme theme(boolean ingress) {
        return ingress
                ? dice.one(Theme.REQUESTS, Theme.REQUESTS, Theme.SERVER_NAMES, Theme.PLAIN)
                : dice.one(
                        Theme.REQUESTS,
                        Theme.NAMES,
                        Theme.NAMES,
                        Theme.SERVER_NAMES,
                        Theme.LISTENERS,
                        Theme.PLAIN,
                        Theme.ALL);
    }

    ObjectNode rule(Theme theme) {
        var rule = NODES.objectNode();
        if (theme == Theme.PLAIN || dice.chance(30)) {
            rule.set("ports", ports(theme));
            return rule;
        }
        rule.set("ports", askedPorts(theme));
        ask(rule, theme);
        return rule;
    }

    /// Adds what the rules are about.
    void ask(ObjectNode rule, Theme theme) {
        switch (theme) {
            case REQUESTS -> rule.putObject("rules").set("http", requests());
            case NAMES -> rule.putObject("rules").set("dns", names());
            case SERVER_NAMES -> {
                rule.putArray("serverNames").add(dice.one("a.io", "b.io"));
                if (dice.chance(15)) {
                    rule.putObject("rules").set("http", requests());
                }
            }
            case LISTENERS -> {
                var listener = rule.putObject("listener").put("name", dice.one("l1", "l2"));
                listener.putObject("envoyConfig").put("name", "c");
            }
            case PLAIN -> {}
            case ALL ->
                    ask(
                            rule,
                            dice.one(
                                    Theme.REQUESTS,
                                    Theme.NAMES,
                                    Theme.SERVER_NAMES,
                                    Theme.LISTENERS));
        }
    }

    /// Twice the same, now and then.
    private ArrayNode requests() {
        var list = NODES.arrayNode();
        for (var n = dice.few(3); n > 0; n--) {
            list.addObject().put("path", dice.one("/a", "/b"));
        }
        return list;
    }

    private ArrayNode names() {
        var list = NODES.arrayNode();
        for (var n = dice.few(3); n > 0; n--) {
            list.addObject().put("matchPattern", dice.one("*.a.io", "*.b.io", "*"));
        }
        return list;
    }

    /// Ports on which requests may be asked for: Cilium takes no ranges for DNS.
    private ArrayNode askedPorts(Theme theme) {
        var list = NODES.arrayNode();
        var port = list.addObject().put("port", theme.port);
        if (dice.chance(25)) {
            port.put("endPort", Integer.parseInt(theme.port));
        }
        port.put("protocol", theme.protocol);
        return list;
    }

    /// Ports around that of the theme, spelled in any way.
    ArrayNode ports(Theme theme) {
        var list = NODES.arrayNode();
        var first = Integer.parseInt(theme.port);
        switch (dice.below(10)) {
            case 0, 1, 2 -> add(list, theme.port, 0, theme);
            case 3 -> add(list, theme.port, first, theme);
            case 4 -> add(list, theme.port, first + 2, theme);
            case 5 ->
                    List.of(0, 1, 2).forEach(it -> add(list, String.valueOf(first + it), 0, theme));
            case 6 -> add(list, theme.port, dice.one(first - 10, 1), theme);
            case 7 -> add(list, "0", dice.one(0, first, first - 1), theme);
            case 8 -> add(list, "web", dice.one(0, first, 5, 65_535), theme);
            default -> add(list, dice.one("443", "53", "80"), 0, theme);
        }
        return list;
    }

    private void add(ArrayNode list, String port, int end, Theme theme) {
        var added = list.addObject().put("port", port);
        if (end > 0) {
            added.put("endPort", end);
        }
        if (dice.chance(90)) {
            added.put("protocol", dice.chance(85) ? theme.protocol : dice.one("ANY", "TCP", "UDP"));
        }
    }
}
