package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// All regular expressions of the sources: nobody who writes a text that one of them reads can
/// either end a thread with it, or keep it busy.
///
/// `java.util.regex` tries again what it has taken back, and takes a frame of the stack for each
/// turn of a repeated group. So no group is repeated without an end, and no expression has two
/// repetitions without an end, or, where it is searched for, something after one. What needs more
/// than that is written by hand.
class ExpressionsTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /// A use of a regular expression, with the texts of its arguments.
    private static final Pattern USE =
            Pattern.compile(
                    "Pattern\\.compile\\(|[.]matches\\(\"|[.]replaceAll\\(\\s*+\""
                            + "|[.]replaceFirst\\(|[.]split\\(|\\bregexp\\s*+=");

    private static final Pattern LITERAL = Pattern.compile("\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");

    /// The longest text that StrictJson lets in is three times this long.
    private static final int LONG = 1_000_000;

    /// A thread's stack on the platforms that we run on has 1 MB, and most of it is taken.
    private static final int SMALL_STACK = 256 * 1024;

    /// @param searched whether a part of the text may match
    record Expression(String source, String text, boolean searched) {
        @Override
        public String toString() {
            return source + ": " + text;
        }
    }

    static List<Expression> all() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.filter(it -> it.toString().endsWith(".java"))
                    .sorted()
                    .flatMap(ExpressionsTest::of)
                    .toList();
        }
    }

    private static Stream<Expression> of(Path file) {
        try {
            var text = Files.readString(file);
            var found = new ArrayList<Expression>();
            for (var use = USE.matcher(text); use.find(); ) {
                var literal = LITERAL.matcher(text);
                var from = use.group().endsWith("\"") ? use.end() - 1 : use.end();
                assertThat(literal.region(from, text.length()).lookingAt())
                        .as("an expression that stands where it is used, in %s", file)
                        .isTrue();
                if (use.group().contains("replaceAll") && text.charAt(literal.end()) != ',') {
                    // Methods of a Matcher, which has its expression already.
                    continue;
                }
                var searched =
                        use.group().contains("replace")
                                || use.group().contains("split")
                                || text.contains(".find()");
                var name = SOURCES.relativize(file).toString();
                found.add(new Expression(name, literal.group(1).translateEscapes(), searched));
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void areFound() throws IOException {
        assertThat(all()).hasSizeGreaterThan(20);
        assertThat(all().stream().map(Expression::source).distinct()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("all")
    void repeatNothingThatIsReadAgain(Expression expression) {
        assertThat(complaints(expression.text(), expression.searched())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a|b)*",
                "(?:a[b]?)+",
                "(?:a){2,}",
                "(?:[.][a-z]++)*+",
                "[a-z]+[a-z0-9]*",
                "0*1{1,}",
            })
    void areComplainedAboutWhereTheyDo(String expression) {
        assertThat(complaints(expression, false)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {":+$", "^ *x"})
    void areComplainedAboutWhereTheyAreSearchedFor(String expression) {
        assertThat(complaints(expression, true)).isNotEmpty();
        assertThat(complaints(expression, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[*)+]", "a\\+b", "(a|b)?", "(?:[a-z]{0,9}x)?y", "0*(0|[1-9])"})
    void areNotComplainedAboutForNothing(String expression) {
        assertThat(complaints(expression, false)).isEmpty();
    }

    private static List<String> complaints(String expression, boolean searched) {
        // Literal characters, and classes, as one letter each.
        var plain =
                expression
                        .replaceAll("\\\\[pP]\\{\\w+\\}|\\\\u[0-9a-fA-F]{4}|\\\\.", "c")
                        .replaceAll("\\[[^\\]]++\\]", "c")
                        .replaceAll("\\(\\?(?:[:=!>]|<[=!]|<\\w++>|i\\))", "(");
        var endless = Pattern.compile("(.)(?:[*+]|\\{\\d+,\\})[+?]?");
        var repeated = endless.matcher(plain).results().toList();
        var complaints = new ArrayList<String>();
        if (repeated.stream().anyMatch(it -> it.group(1).equals(")"))) {
            complaints.add("a group is repeated without an end");
        }
        if (repeated.size() > 1) {
            complaints.add("two repetitions without an end");
        }
        if (searched && repeated.stream().anyMatch(it -> it.end() < plain.length())) {
            complaints.add("searched for, with something after a repetition");
        }
        return complaints;
    }

    /// Texts that keep an expression going as long as may be, and then disappoint it.
    static Stream<String> hostile(int length) {
        return Stream.of(
                        "0", "a", "A", "-", "_", ".", ":", "*", "/", " ", ",", "~", "a.", "a-",
                        "0_", "a:", "1.", ".*", "\u0000", "\n", "\u202e", "im", "any:")
                .map(it -> it.repeat(length / it.length()))
                .flatMap(it -> Stream.of(it, it + "!", "0x" + it, "1." + it + "s"));
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("all")
    void takeNoMoreStackForALongText(Expression expression) throws InterruptedException {
        var pattern = Pattern.compile(expression.text());
        var trouble = new ArrayList<Throwable>();
        var thread =
                new Thread(
                        null,
                        () -> hostile(LONG).forEach(text -> begins(pattern, text)),
                        "small",
                        SMALL_STACK);
        thread.setUncaughtExceptionHandler((_, thrown) -> trouble.add(thrown));

        thread.start();
        thread.join();

        assertThat(trouble).isEmpty();
    }

    /// At ten times the length ten times the cost; a quadratic one would take a hundred times,
    /// which shows before it takes minutes.
    @ParameterizedTest
    @Tag("slow")
    @MethodSource("all")
    void takeTimeInProportionToTheText(Expression expression) {
        var pattern = Pattern.compile(expression.text());
        for (int length = LONG / 100; length < LONG; length *= 10) {
            var texts = hostile(length).toList();
            var tenTimes = hostile(10 * length).toList();
            for (int i = 0; i < texts.size(); i++) {
                var text = texts.get(i);
                var longer = tenTimes.get(i);
                var few = time(() -> use(pattern, text, expression));
                var many = time(() -> use(pattern, longer, expression));
                assertThat(many)
                        .as("%s on %s", expression, text.substring(0, 10))
                        .isLessThan(40 * Math.max(few, 5_000_000));
            }
        }
    }

    private static long time(Runnable task) {
        var threads = ManagementFactory.getThreadMXBean();
        var begun = threads.getCurrentThreadCpuTime();
        task.run();
        return threads.getCurrentThreadCpuTime() - begun;
    }

    private static boolean use(Pattern pattern, String text, Expression expression) {
        var begins = begins(pattern, text);
        return expression.searched() ? pattern.matcher(text).replaceAll("").isEmpty() : begins;
    }

    private static boolean begins(Pattern pattern, String text) {
        return pattern.matcher(text).matches() || pattern.matcher(text).lookingAt();
    }
}
