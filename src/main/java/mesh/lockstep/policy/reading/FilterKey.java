package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Range;

/// By what Cilium finds a filter again: protocol, port and end, as they are written.
///
/// Source: `portProtoKey` in `pkg/policy/l4.go` of Cilium. Two spellings of the same numbers are
/// two filters, and a name is one, whatever its end:
///
/// ```
/// ports: [{port: "53"}]        ports: [{port: "53", endPort: 53}]
/// ```
///
/// @param name of the port, in small letters; empty for a number
/// @param first 0 for every number
/// @param end as written, 0 for none
record FilterKey(String protocol, String name, int first, int end)
        implements Comparable<FilterKey> {

    private static final Comparator<FilterKey> ORDER =
            Comparator.comparing(FilterKey::protocol)
                    .thenComparing(FilterKey::name)
                    .thenComparingInt(FilterKey::first)
                    .thenComparingInt(FilterKey::end);

    /// The filter of entries without ports.
    static final FilterKey ALL = new FilterKey("all", "", 0, 0);

    /// @param ports of a port rule, as [PortRules] takes them
    static List<FilterKey> of(JsonNode ports) {
        var keys = new ArrayList<FilterKey>();
        for (var port : ports) {
            var text = port.path("port").asText();
            var isName = PortNumber.isName(text);
            var number = isName ? 0 : PortNumber.parse(text).orElse(0);
            var end = isName ? 0 : Fields.number(port.path("endPort"));
            for (var protocol : PortRules.protocols(port)) {
                var name = isName ? text.toLowerCase(Locale.ROOT) : "";
                keys.add(new FilterKey(protocol, name, number, end));
            }
        }
        return keys;
    }

    /// @param types of ICMP
    static List<FilterKey> ofTypes(List<Ports> types) {
        var keys = new ArrayList<FilterKey>();
        for (var each : types) {
            if (each instanceof Ports.Numbered(var protocol, var ranges)) {
                ranges.forEach(
                        range ->
                                keys.add(new FilterKey(protocol, "", range.first(), range.last())));
            }
        }
        return keys;
    }

    /// Whether another spelling of the same ports may be in one filter with one of the others.
    boolean meets(FilterKey other) {
        return protocol.equals(other.protocol)
                && name.equals(other.name)
                && range().meets(other.range());
    }

    /// Without the spelling.
    FilterKey numbers() {
        return new FilterKey(protocol, name, range().first(), range().last());
    }

    private Range range() {
        return first == 0 ? Range.WHOLE : new Range(first, Math.max(first, end));
    }

    /// @param asWritten whether its spelling is to be told from others
    String text(boolean asWritten) {
        return protocol
                + "/"
                + (name.isEmpty() ? range().toString() : name)
                + (asWritten ? " written " + first + " to " + end : "");
    }

    @Override
    public int compareTo(FilterKey other) {
        return ORDER.compare(this, other);
    }
}
