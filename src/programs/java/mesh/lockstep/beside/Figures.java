package mesh.lockstep.beside;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was measured of whom, a number for each round; shown are medians.
final class Figures {

    private final Map<String, Map<Figure, List<Double>>> all = new LinkedHashMap<>();

    void add(String whom, Figure figure, double value) {
        all.computeIfAbsent(whom, _ -> new EnumMap<>(Figure.class))
                .computeIfAbsent(figure, _ -> new ArrayList<>())
                .add(value);
    }

    OptionalDouble median(String whom, Figure figure) {
        var values =
                all.getOrDefault(whom, Map.of()).getOrDefault(figure, List.of()).stream()
                        .sorted()
                        .toList();
        return values.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(values.get(values.size() / 2));
    }

    /// Markdown: a row for each figure, a column for each of whom there are any.
    String table() {
        var rows =
                Stream.of(Figure.values())
                        .map(
                                it ->
                                        row(
                                                it.words(),
                                                all.keySet().stream()
                                                        .map(whom -> shown(median(whom, it)))
                                                        .toList()));
        return head(List.copyOf(all.keySet())) + rows.collect(Collectors.joining());
    }

    /// Markdown: of each figure, how much one has for each that another has, and what it adds to a
    /// request through the API server.
    String ratios(List<String> ones, List<String> others, String none) {
        var pairs =
                ones.stream()
                        .filter(all::containsKey)
                        .flatMap(one -> others.stream().map(it -> new Pair(one, it)))
                        .toList();
        var text = new StringBuilder(head(pairs.stream().map(Pair::words).toList()));
        for (var figure : Figure.values()) {
            text.append(row(figure.words(), pairs, it -> ratio(it, figure)));
        }
        text.append(
                row(
                        "added to an admitted one by the API server: p50",
                        pairs,
                        it -> added(it, Figure.SERVER_MEDIAN, none)));
        return text.append(
                        row(
                                "added to an admitted one by the API server: p99",
                                pairs,
                                it -> added(it, Figure.SERVER_TAIL, none)))
                .toString();
    }

    private record Pair(String one, String other) {
        String words() {
            return one + " : " + other;
        }
    }

    private OptionalDouble ratio(Pair pair, Figure figure) {
        return quotient(median(pair.one(), figure), median(pair.other(), figure));
    }

    /// What comes on top of a request that no webhook is asked about.
    private OptionalDouble added(Pair pair, Figure figure, String none) {
        var without = median(none, figure).orElse(0);
        return quotient(
                less(median(pair.one(), figure), without),
                less(median(pair.other(), figure), without));
    }

    private static OptionalDouble less(OptionalDouble value, double by) {
        return value.isEmpty() ? value : OptionalDouble.of(value.getAsDouble() - by);
    }

    /// None of what is too little to be divided by.
    private static OptionalDouble quotient(OptionalDouble over, OptionalDouble under) {
        return over.isEmpty() || under.isEmpty() || under.getAsDouble() < 1e-3
                ? OptionalDouble.empty()
                : OptionalDouble.of(over.getAsDouble() / under.getAsDouble());
    }

    private interface Cell {
        OptionalDouble of(Pair pair);
    }

    private static String row(String words, List<Pair> pairs, Cell cell) {
        return row(words, pairs.stream().map(it -> shown(cell.of(it))).toList());
    }

    private static String head(List<String> columns) {
        return row("", columns) + "|---".repeat(columns.size() + 1) + "|\n";
    }

    private static String row(String words, List<String> cells) {
        return "| " + words + " | " + String.join(" | ", cells) + " |\n";
    }

    private static String shown(OptionalDouble value) {
        if (value.isEmpty()) {
            return "";
        }
        var number = value.getAsDouble();
        return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.2f" : "%.1f", number);
    }
}
