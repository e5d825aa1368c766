package mesh.lockstep.policy.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mesh.lockstep.policy.AddressBlock;

/// The text of a CIDR block: no zone, no leading zeros, no address without a prefix length (which
/// the CRD's `format: cidr` does not let through).
///
/// Source: `CIDRRule.sanitize` in `pkg/policy/api/rule_validation.go` of Cilium, which takes what
/// Go's `netip.ParsePrefix` does.
///
/// ```yaml
/// 2001:DB8:0:0::1/32      2001:db8::/32
/// ```
final class CidrText {

    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int GROUPS = 8;

    /// Characters of eight groups, the last two as an IPv4 address, and three digits of prefix.
    private static final int MAX_LENGTH = 49;

    private CidrText() {}

    static AddressBlock block(String text) {
        var slash = text.lastIndexOf('/');
        if (slash < 0 || text.length() > MAX_LENGTH) {
            throw malformed(text);
        }
        var address = text.substring(0, slash);
        var v6 = address.contains(":");
        var bits = number(text, slash + 1, text.length(), v6 ? 128 : 32, text);
        return v6
                ? v6(address, bits, text)
                : new AddressBlock(false, v4(address, text) << 32, 0, bits);
    }

    private static long v4(String address, String text) {
        long value = 0;
        int octets = 0;
        int from = 0;
        while (from <= address.length()) {
            var dot = address.indexOf('.', from);
            var to = dot < 0 ? address.length() : dot;
            value = value << 8 | number(address, from, to, 255, text);
            octets++;
            from = to + 1;
        }
        if (octets != 4) {
            throw malformed(text);
        }
        return value;
    }

    /// Digits without a leading zero. No regular expression: policies have thousands of these.
    private static int number(String digits, int from, int to, int max, String text) {
        int value = 0;
        for (int i = from; i < to; i++) {
            var digit = digits.charAt(i) - '0';
            value = value * 10 + digit;
            if (digit < 0 || digit > 9 || value > max) {
                throw malformed(text);
            }
        }
        if (to == from || (to > from + 1 && digits.charAt(from) == '0')) {
            throw malformed(text);
        }
        return value;
    }

    private static AddressBlock v6(String address, int bits, String text) {
        var gap = address.indexOf("::");
        var groups = groups(gap < 0 ? address : address.substring(0, gap), gap < 0, text);
        if (gap >= 0) {
            var tail = groups(address.substring(gap + 2), true, text);
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

    /// The groups of 16 bits between colons; the last of all may be an IPv4 address, which is two.
    private static List<Long> groups(String address, boolean isEnd, String text) {
        var groups = new ArrayList<Long>();
        if (address.isEmpty()) {
            return groups;
        }
        var parts = address.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (isEnd && i == parts.length - 1 && parts[i].contains(".")) {
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
        return new AsWrittenException("not a CIDR block: " + text);
    }
}
