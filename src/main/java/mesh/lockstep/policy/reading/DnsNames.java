package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.regex.Pattern;
import mesh.lockstep.policy.Word;

/// Names and patterns of `toFQDNs` and of `rules.dns`.
///
/// Source: `pkg/fqdn/matchpattern/matchpattern.go` and `pkg/fqdn/dns/dns.go` of Cilium. Case and
/// the trailing dot do not matter, nor how many asterisks there are in a row; except at the
/// beginning and before a dot, where two or more mean "one label or more":
///
/// ```yaml
/// matchName: API.example.com.      matchPattern: api.example.com
/// matchPattern: "a**.b.c"          matchPattern: "a*.b.c"
/// ```
final class DnsNames {

    /// Every name.
    static final String ALL = "*";

    private static final int MAX_LENGTH = 255;
    private static final String IN_NAMES = "-_.";
    private static final String IN_PATTERNS = "-_.*";
    private static final Pattern EVERYTHING = Pattern.compile("[*]+[.]?");
    private static final Pattern SUBDOMAINS = Pattern.compile("[*]{2,}[.]");
    private static final Pattern ASTERISKS = Pattern.compile("[*]+");

    private DnsNames() {}

    /// The one spelling of an entry's `matchName` or `matchPattern`.
    static String pattern(JsonNode entry) {
        if (entry.has("matchName")) {
            var name = entry.path("matchName").textValue();
            return qualified(check(name, IN_NAMES));
        }
        var pattern = check(entry.path("matchPattern").textValue(), IN_PATTERNS);
        if (EVERYTHING.matcher(pattern).matches()) {
            return ALL;
        }
        var qualified = qualified(pattern);
        if (!qualified.contains("**")) {
            return qualified;
        }
        var prefix = SUBDOMAINS.matcher(qualified);
        return prefix.lookingAt()
                ? "**." + single(qualified.substring(prefix.end()))
                : single(qualified);
    }

    private static String single(String pattern) {
        return ASTERISKS.matcher(pattern).replaceAll("*");
    }

    private static String qualified(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + ".";
    }

    /// @param signs that are allowed besides letters and digits
    private static String check(String text, String signs) {
        if (text.length() > MAX_LENGTH
                || !Word.isMadeOf(text, signs)
                || text.startsWith(".")
                || text.contains("..")) {
            throw new AsWrittenException("not a DNS name or pattern: " + text);
        }
        return text;
    }
}
