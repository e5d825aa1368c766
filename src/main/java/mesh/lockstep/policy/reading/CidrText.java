package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mesh.lockstep.policy.AddressBlock;

/// The text of a CIDR block: no zone, no leading zeros, no address without a prefix length (which
/// the CRD's `format: cidr` does not let through).
///
/// Source: `CIDRRule.sanitize` in `pkg/policy/api/rule_validation.go` of Cilium 1.20.2, which takes
/// what Go's `netip.ParsePrefix` does.
///
/// ```yaml
/// 2001:DB8:0:0::1/32      2001:db8::/32
/// ```
final class CidrText {

    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int GROUPS = 8;

    private CidrText() {}

    static AddressBlock block(String text) {
        var slash = text.lastIndexOf('/');
        if (slash < 0 || !OCTET.matcher(text.substring(slash + 1)).matches()) {
            throw malformed(text);
        }
        var bits = Integer.parseInt(text.substring(slash + 1));
        var address = text.substring(0, slash);
        var v6 = address.contains(":");
        if (bits > (v6 ? 128 : 32)) {
            throw malformed(text);
        }
        return v6
                ? v6(address, bits, text)
                : new AddressBlock(false, v4(address, text) << 32, 0, bits);
    }

    private static long v4(String address, String text) {
        var octets = address.split("\\.", -1);
        long value = 0;
        for (var octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                throw malformed(text);
            }
            value = value << 8 | Integer.parseInt(octet);
        }
        if (octets.length != 4) {
            throw malformed(text);
        }
        return value;
    }

    private static AddressBlock v6(String address, int bits, String text) {
        var gap = address.indexOf("::");
        var groups = groups(gap < 0 ? address : address.substring(0, gap), text);
        if (gap >= 0) {
            var tail = groups(address.substring(gap + 2), text);
            if (groups.size() + tail.size() >= GROUPS) {
                throw malformed(text);
            }
            while (groups.size() + tail.size() < GROUPS) {
                groups.add(0L);
            }
            groups.addAll(tail);
        }
        if (groups.size() != GROUPS) {
            throw malformed(text);
        }
        return new AddressBlock(
                true, joined(groups.subList(0, 4)), joined(groups.subList(4, GROUPS)), bits);
    }

    /// The groups of 16 bits between colons; the last may be an IPv4 address, which is two.
    private static List<Long> groups(String address, String text) {
        var groups = new ArrayList<Long>();
        if (address.isEmpty()) {
            return groups;
        }
        var parts = address.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].contains(".")) {
                var v4 = v4(parts[i], text);
                groups.add(v4 >> 16);
                groups.add(v4 & 0xffff);
            } else if (GROUP.matcher(parts[i]).matches()) {
                groups.add(Long.parseLong(parts[i], 16));
            } else {
                throw malformed(text);
            }
        }
        return groups;
    }

    private static long joined(List<Long> groups) {
        return groups.stream().reduce(0L, (value, group) -> value << 16 | group);
    }

    private static AsWrittenException malformed(String text) {
        return new AsWrittenException("no CIDR block: " + text);
    }
}
