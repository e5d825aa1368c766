package mesh.lockstep.policy.reading;

import java.util.OptionalInt;
import mesh.lockstep.policy.Word;

/// The text of a port: a name, or a number as Go's `strconv.ParseUint` takes it with base 0.
///
/// Source: `PortProtocol.sanitize` in `pkg/policy/api/rule_validation.go` and `pkg/iana/svcname.go`
/// of Cilium. A leading zero means octal, underscores separate digits, and what may be a name is
/// one, so that `0x50` is not port 80:
///
/// ```yaml
/// port: "0120"      port: "80"
/// ```
final class PortNumber {

    static final int MAX = 65535;

    private static final int MAX_NAME = 15;

    private PortNumber() {}

    /// Letters and digits, of which one is a letter, and single dashes between them.
    static boolean isName(String port) {
        if (port.length() > MAX_NAME || !isDivided(port, '-')) {
            return false;
        }
        var hasLetter = false;
        for (int i = 0; i < port.length(); i++) {
            var character = port.charAt(i);
            if (!Word.isLetter(character) && !Word.isDigit(character) && character != '-') {
                return false;
            }
            hasLetter |= Word.isLetter(character);
        }
        return hasLetter;
    }

    /// Whether there is something before, after and between any two of the separators.
    private static boolean isDivided(String text, char divider) {
        var something = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == divider && !something) {
                return false;
            }
            something = text.charAt(i) != divider;
        }
        return something;
    }

    /// Empty where the text is not a number up to 65535.
    static OptionalInt parse(String port) {
        var base = base(port);
        var digits = base.isPresent() ? port.substring(2) : port;
        if (base.isPresent() && digits.startsWith("_")) {
            digits = digits.substring(1);
        }
        return isDivided(digits, '_')
                ? value(digits, base.orElse(digits.startsWith("0") ? 8 : 10))
                : OptionalInt.empty();
    }

    /// What `0x` and its like say; empty where there is none.
    private static OptionalInt base(String port) {
        if (port.length() < 2 || port.charAt(0) != '0') {
            return OptionalInt.empty();
        }
        return switch (port.charAt(1)) {
            case 'b', 'B' -> OptionalInt.of(2);
            case 'o', 'O' -> OptionalInt.of(8);
            case 'x', 'X' -> OptionalInt.of(16);
            default -> OptionalInt.empty();
        };
    }

    private static OptionalInt value(String digits, int base) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) == '_') {
                continue;
            }
            var of = digit(digits.charAt(i), base);
            value = value * base + of;
            if (of < 0 || value > MAX) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(value);
    }

    /// Negative for what is not a digit; digits of other scripts do not count.
    private static int digit(char character, int base) {
        return character < 128 ? Character.digit(character, base) : -1;
    }
}
