package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Word;

/// One element of `rules.http`.
///
/// Source: `pkg/envoy/policy/envoy_l7_rules_translator.go` and `pkg/policy/api/http.go` of Cilium.
/// Expressions are compared as texts, an empty one is absent. Headers are a set, whether they are
/// in `headers` or in `headerMatches`; where a mismatch only logs or rewrites, the matches that do
/// so keep their order:
///
/// ```yaml
/// {path: "", headers: ["X-A: 1", X-B]}      {headers: [X-B, "X-A 1"]}
/// ```
final class HttpRule {

    private static final String[] EXPRESSIONS = {"path", "method", "host"};

    /// What is literal in an expression, besides letters and digits.
    private static final String PLAIN = "/_,:=&%~-";

    private HttpRule() {}

    static String text(JsonNode rule) {
        var text = new StringBuilder("http");
        for (var name : EXPRESSIONS) {
            var expression = rule.path(name).asText();
            if (!expression.isEmpty()) {
                text.append(' ').append(name).append(' ').append(Word.quoted(expression));
            }
        }
        var headers = new TreeSet<String>();
        rule.path("headers").forEach(header -> headers.add(header(header.textValue())));
        var matches = new ArrayList<String>();
        var ordered = false;
        for (var match : rule.path("headerMatches")) {
            var mismatch = match.path("mismatch").asText();
            check(match, mismatch);
            if (mismatch.isEmpty() && !match.has("secret")) {
                headers.add(header(match.path("name").asText(), match.path("value").asText()));
            } else {
                ordered |= !mismatch.isEmpty();
                matches.add(CanonicalJson.text(Texts.withoutEmpty(match)));
            }
        }
        if (!headers.isEmpty()) {
            text.append(" headers ").append(headers);
        }
        if (!matches.isEmpty()) {
            text.append(" matches ").append(ordered ? matches : new TreeSet<>(matches));
        }
        return text.toString();
    }

    /// The expressions of which only Go's `regexp` could say whether they are any, quoted.
    static List<String> doubtful(JsonNode rule) {
        return Stream.of("path", "method")
                .map(name -> rule.path(name).asText())
                .filter(expression -> !isPlain(expression))
                .map(Word::quoted)
                .toList();
    }

    /// Whether it is an expression beyond doubt: plain characters, and dots that may be repeated.
    /// By hand: Java's own expressions take a frame of the stack for each turn of a repeated group.
    private static boolean isPlain(String expression) {
        var afterDot = false;
        for (int i = 0; i < expression.length(); i++) {
            var character = expression.charAt(i);
            if (character != '.' && !isPlain(character) && !(afterDot && isRepeat(character))) {
                return false;
            }
            afterDot = character == '.';
        }
        return true;
    }

    private static boolean isPlain(char character) {
        return Word.isLetter(character) || Word.isDigit(character) || PLAIN.indexOf(character) >= 0;
    }

    private static boolean isRepeat(char character) {
        return character == '*' || character == '+' || character == '?';
    }

    /// `Name: value`, `Name value`, or `Name`, which wants the header whatever its value.
    private static String header(String written) {
        var blank = written.indexOf(' ');
        if (blank < 0) {
            return header(written, "");
        }
        var value = written.substring(blank + 1);
        var name = withoutColons(written.substring(0, blank));
        return value.isEmpty() ? header(name, "") + " empty" : header(name, value);
    }

    /// Without those at its end. By hand: an expression that looks for them starts over at each.
    private static String withoutColons(String name) {
        var end = name.length();
        while (end > 0 && name.charAt(end - 1) == ':') {
            end--;
        }
        return name.substring(0, end);
    }

    private static String header(String name, String value) {
        return value.isEmpty() ? Word.quoted(name) : Word.quoted(name) + "=" + Word.quoted(value);
    }

    private static void check(JsonNode match, String mismatch) {
        switch (mismatch) {
            case "", "LOG", "ADD", "DELETE", "REPLACE" -> {}
            default -> throw new AsWrittenException("unknown mismatch action " + mismatch);
        }
        var secretLacksName =
                match.has("secret") && match.path("secret").path("name").asText().isEmpty();
        if (secretLacksName || match.path("name").asText().isEmpty()) {
            throw new AsWrittenException("a header match without a name");
        }
    }
}
