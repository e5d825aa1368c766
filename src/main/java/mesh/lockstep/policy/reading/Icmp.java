package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Range;

/// `icmps`: types of ICMP and ICMPv6.
///
/// Source: `pkg/policy/api/icmp.go` of Cilium. A type is a number, its text, or a name of its
/// family. Its text is read as the number of a port (`createL4Filter` in `pkg/policy/l4.go`), of
/// which 0 is every one, as is what is no such number; a larger one is the largest:
///
/// ```yaml
/// fields: [{type: 8}]      fields: [{type: EchoRequest, family: IPv4}]
/// fields: [{type: -1}]     fields: [{type: EchoReply}]
/// fields: [{type: 70000}]  fields: [{type: 65535}]
/// ```
///
/// The API server takes no other texts than 0 to 255 and the names.
final class Icmp {

    private static final int MAX = 40;
    private static final int LARGEST = 65535;
    private static final int LARGEST_TEXT = 255;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

    private Icmp() {}

    /// The types of one element of `icmps`, one list of ranges for each family.
    static List<Ports> types(JsonNode rule) {
        var fields = rule.path("fields");
        if (fields.size() > MAX) {
            throw new AsWrittenException(
                    fields.size() + " ICMP types, where " + MAX + " are allowed");
        }
        var byProtocol = new LinkedHashMap<String, List<Range>>();
        for (var field : fields) {
            var v6 = isV6(field.path("family").asText());
            var type = type(field.path("type"), v6 ? IcmpNames.V6 : IcmpNames.V4);
            byProtocol
                    .computeIfAbsent(v6 ? "ICMPv6" : "ICMP", _ -> new ArrayList<>())
                    .add(type == 0 ? Range.WHOLE : new Range(type, type));
        }
        var types = new ArrayList<Ports>();
        byProtocol.forEach((protocol, of) -> types.add(new Ports.Numbered(protocol, of)));
        return types;
    }

    private static boolean isV6(String family) {
        return switch (family) {
            case "", "IPv4" -> false;
            case "IPv6" -> true;
            default -> throw new AsWrittenException("unknown family " + family);
        };
    }

    private static int type(JsonNode type, Map<String, Integer> names) {
        if (!type.isTextual()) {
            return Math.clamp(Fields.number(type), 0, LARGEST);
        }
        var text = type.textValue();
        var named = names.get(text);
        if (named != null) {
            return named;
        }
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) > LARGEST_TEXT) {
            throw new AsWrittenException("not an ICMP type of its family: " + text);
        }
        return Integer.parseInt(text);
    }
}
