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
        /// Requests and names of servers: two proxies.
        PROXIES("443", "TCP"),
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
                ? dice.one(
                        Theme.REQUESTS,
                        Theme.REQUESTS,
                        Theme.SERVER_NAMES,
                        Theme.PROXIES,
                        Theme.PROXIES,
                        Theme.PLAIN)
                : dice.one(
                        Theme.REQUESTS,
                        Theme.NAMES,
                        Theme.NAMES,
                        Theme.SERVER_NAMES,
                        Theme.LISTENERS,
                        Theme.PROXIES,
                        Theme.PROXIES,
                        Theme.PLAIN,
                        Theme.ALL);
    }

    ObjectNode rule(Theme theme) {
        var rule = NODES.objectNode();
        if (theme == Theme.PLAIN || (theme != Theme.PROXIES && dice.chance(30))) {
            rule.set("ports", ports(theme));
            return rule;
        }
        var about = theme == Theme.ALL ? oneOfAll() : theme;
        rule.set("ports", askedPorts(theme, about));
        ask(rule, about);
        return rule;
    }

    private Theme oneOfAll() {
        return dice.one(Theme.REQUESTS, Theme.NAMES, Theme.SERVER_NAMES, Theme.LISTENERS);
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
            case PROXIES -> ask(rule, dice.one(Theme.REQUESTS, Theme.SERVER_NAMES));
            case PLAIN -> {}
            case ALL -> ask(rule, oneOfAll());
        }
    }

    /// Puts others in the place of those that a rule asks for.
    void replaceRequests(ObjectNode rule) {
        for (var portRule : rule.path("toPorts")) {
            if (portRule.path("rules").has("http")) {
                ((ObjectNode) portRule.path("rules")).set("http", requests());
            } else if (portRule.path("rules").has("dns")) {
                ((ObjectNode) portRule.path("rules")).set("dns", names());
            }
        }
    }

    private ArrayNode requests() {
        return some("path", "/a", "/b");
    }

    private ArrayNode names() {
        return some("matchPattern", "*.a.io", "*.b.io", "*");
    }

    /// Up to four, often the same twice.
    private ArrayNode some(String field, String... values) {
        var list = NODES.arrayNode();
        for (var n = 1 + dice.below(3); n > 0; n--) {
            list.addObject().put(field, dice.one(values));
        }
        if (dice.chance(35)) {
            list.add(list.path(0).deepCopy());
        }
        return list;
    }

    /// Ports on which something may be asked for: Cilium takes no ranges for DNS.
    private ArrayNode askedPorts(Theme theme, Theme about) {
        var list = NODES.arrayNode();
        var first = Integer.parseInt(theme.port) + (dice.chance(15) ? 1 : 0);
        var port = list.addObject().put("port", String.valueOf(first));
        if (dice.chance(20)) {
            port.put("endPort", first);
        } else if (about != Theme.NAMES && dice.chance(theme == Theme.PROXIES ? 75 : 30)) {
            port.put("endPort", first + dice.few(2));
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
