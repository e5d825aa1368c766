package mesh.lockstep.pages;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.Names;
import mesh.lockstep.rollout.Condition;

/// An overview as a table for a terminal, in the manner of kubectl.
final class OverviewText {

    private static final List<String> TITLES =
            List.of("STATE", "KIND", "NAMESPACE", "NAME", "FIRST SEEN", "PEERS");

    /// The bound for one cell.
    private static final int MAX_LENGTH = 300;

    private OverviewText() {}

    static String of(Overview overview) {
        var page = overview.page();
        var policies = table(TITLES, page.conditions(), OverviewText::row);
        var departures =
                overview.tables().stream()
                        .flatMap(
                                departureTable ->
                                        Stream.of(table(departureTable), notRead(departureTable)));
        return "%s%s: policies shown %d of %d, page %d of %d%n%s"
                .formatted(
                        policies,
                        overview.here(),
                        page.conditions().size(),
                        page.matching(),
                        page.number(),
                        page.last(),
                        departures
                                .filter(departure -> !departure.isEmpty())
                                .map(departure -> System.lineSeparator() + departure)
                                .collect(Collectors.joining()));
    }

    private static String table(DepartureTable table) {
        var titles = table.columns().stream().map(DepartureTable.Column::word).toList();
        return table(titles, table.rows(), OverviewText::texts);
    }

    private static List<String> texts(List<DepartureTable.Cell> cells) {
        return cells.stream().map(DepartureTable.Cell::text).toList();
    }

    private static String notRead(DepartureTable table) {
        return table.notRead().isEmpty()
                ? ""
                : "%s could not be read in %s%n".formatted(table.subject(), table.notRead());
    }

    private static List<String> row(Condition condition) {
        var key = condition.key();
        return List.of(
                condition.state().word(),
                key.kind().kindName(),
                key.namespace(),
                key.name(),
                condition
                        .firstSeen()
                        .map(instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(""),
                peers(condition));
    }

    /// The peers that account for its state.
    private static String peers(Condition condition) {
        var names =
                condition.relations().entrySet().stream()
                        .filter(entry -> entry.getValue().state() == condition.state())
                        .map(entry -> entry.getKey().value())
                        .toList();
        return Names.first(names, ",");
    }

    /// Much of it is what peers say.
    private static String cell(String text) {
        return text.isEmpty() ? "-" : Clean.line(text, MAX_LENGTH);
    }

    /// Empty without rows.
    private static <T> String table(
            List<String> titles, List<T> of, Function<T, List<String>> toRow) {
        if (of.isEmpty()) {
            return "";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(titles);
        of.forEach(each -> rows.add(toRow.apply(each).stream().map(OverviewText::cell).toList()));
        var widths = IntStream.range(0, titles.size()).map(column -> width(rows, column)).toArray();
        var table = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 3);
            }
            table.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return table.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
