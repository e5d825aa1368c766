package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import mesh.lockstep.oracle.MeetingPorts.Theme;

/// Ranges of ports that overlap, and what is asked for on them.
final class NestingPorts {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Ports from the first to the last.
    record Range(int first, int last) {

        private static final Range EVERY = new Range(0, 0);

        /// No ports are written.
        private static final Range UNSAID = new Range(-1, -1);
    }

    private final Dice dice;
    private final Theme theme;
    private final Range usual;
    private final MeetingPorts meeting;

    NestingPorts(Dice dice, boolean ingress) {
        this.dice = dice;
        meeting = new MeetingPorts(dice);
        theme = dice.chance(25) ? Theme.PLAIN : meeting.theme(ingress);
        usual = theme == Theme.NAMES ? new Range(53, 53) : new Range(80, 80);
    }

    Theme theme() {
        return theme;
    }

    Range range() {
        var first = usual.first;
        return dice.one(
                usual,
                usual,
                new Range(first, first + 1),
                new Range(first, first + 10),
                new Range(first + 2, first + 15),
                new Range(first - first % 16, first - first % 16 + 31),
                Range.EVERY,
                Range.UNSAID);
    }

    /// The same, or some of them.
    Range within(Range range) {
        if (range.equals(Range.UNSAID) || dice.chance(45)) {
            return range;
        }
        if (range.equals(Range.EVERY)) {
            return new Range(usual.first, usual.first + dice.below(2));
        }
        var first = range.first + dice.below(range.last - range.first + 1);
        return new Range(first, first + dice.below(range.last - first + 1));
    }

    /// What may be asked for on ports: fields of a port rule, or nothing.
    ObjectNode asked() {
        var asked = NODES.objectNode();
        if (dice.chance(35)) {
            return asked;
        }
        meeting.ask(asked, theme == Theme.ALL ? oneOfAll() : theme);
        if (asked.get("listener") instanceof ObjectNode listener && dice.chance(40)) {
            listener.put("priority", dice.one(1, 50));
        }
        return asked;
    }

    private Theme oneOfAll() {
        return dice.one(Theme.REQUESTS, Theme.SERVER_NAMES, Theme.LISTENERS);
    }

    void add(ObjectNode rule, Range range, ObjectNode asked) {
        var on = allowed(range, asked);
        if (on.equals(Range.UNSAID)) {
            return;
        }
        var portRule = rule.putArray("toPorts").addObject();
        var port = portRule.putArray("ports").addObject().put("port", String.valueOf(on.first));
        if (on.first < on.last || (on.first > 0 && dice.chance(8))) {
            port.put("endPort", on.last);
        }
        if (!on.equals(Range.EVERY) || !asked.isEmpty() || dice.chance(70)) {
            port.put("protocol", theme == Theme.NAMES ? "UDP" : "TCP");
        }
        portRule.setAll(asked.deepCopy());
    }

    /// Cilium takes requests on no port but a number, and names on one alone.
    private Range allowed(Range range, ObjectNode asked) {
        if (asked.isEmpty()) {
            return range;
        }
        var everyPort = range.equals(Range.EVERY) && asked.has("rules");
        if (theme == Theme.NAMES || everyPort || range.equals(Range.UNSAID)) {
            return usual;
        }
        return range;
    }
}
