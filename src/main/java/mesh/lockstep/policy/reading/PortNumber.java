package mesh.lockstep.policy.reading;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of a port: a name, or a number as Go's `strconv.ParseUint` takes it with base 0.
///
/// Source: `PortProtocol.sanitize` in `pkg/policy/api/rule_validation.go` and `pkg/iana/svcname.go`
/// of Cilium 1.20.2. A leading zero means octal, underscores separate digits, and what may be a
/// name is one, so that `0x50` is not port 80:
///
/// ```yaml
/// port: "0120"      port: "80"
/// ```
final class PortNumber {

    static final int MAX = 65535;

    private static final int MAX_NAME = 15;
    private static final Pattern NAME =
            Pattern.compile("(?=.*[a-zA-Z])[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*");
    private static final Pattern NUMBER =
            Pattern.compile("(?<base>0[bBoOxX]_?)?(?<digits>[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");

    private PortNumber() {}

    static boolean isName(String port) {
        return port.length() <= MAX_NAME && NAME.matcher(port).matches();
    }

    /// Empty where the text is no number up to 65535.
    static OptionalInt parse(String port) {
        var number = NUMBER.matcher(port);
        if (!number.matches()) {
            return OptionalInt.empty();
        }
        var digits = number.group("digits").replace("_", "");
        return value(digits, base(number.group("base"), digits));
    }

    private static int base(@Nullable String prefix, String digits) {
        if (prefix == null) {
            return digits.startsWith("0") ? 8 : 10;
        }
        return switch (prefix.substring(1, 2).toLowerCase(Locale.ROOT)) {
            case "b" -> 2;
            case "o" -> 8;
            default -> 16;
        };
    }

    private static OptionalInt value(String digits, int base) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            var of = Character.digit(digits.charAt(i), base);
            value = value * base + of;
            if (of < 0 || value > MAX) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(value);
    }
}
