package mesh.lockstep.drift;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.policy.Clean;

/// An overview as a table for a terminal, in the manner of kubectl.
final class OverviewText {

    private static final List<String> TITLES =
            List.of("STATE", "KIND", "NAMESPACE", "NAME", "FIRST SEEN", "PEERS");
    private static final List<String> SETTING_TITLES = List.of("SETTING", "HERE", "PEER", "THERE");
    private static final List<String> GROUP_TITLES = List.of("CIDR GROUP", "MISSING IN");

    /// The bound for one cell.
    private static final int MAX_LENGTH = 300;

    private OverviewText() {}

    static String of(Overview overview) {
        var page = overview.page();
        var policies = table(TITLES, page.conditions(), OverviewText::row);
        var lists =
                List.of(
                        table(SETTING_TITLES, overview.settings(), OverviewText::row),
                        table(GROUP_TITLES, overview.groups().rows(), OverviewText::row),
                        notRead(overview.groups()));
        return "%s%s: policies shown %d of %d, page %d of %d%n%s"
                .formatted(
                        policies,
                        overview.here(),
                        page.conditions().size(),
                        page.matching(),
                        page.number(),
                        page.last(),
                        lists.stream()
                                .filter(it -> !it.isEmpty())
                                .map(it -> System.lineSeparator() + it)
                                .collect(Collectors.joining()));
    }

    private static List<String> row(SettingRow row) {
        return List.of(row.setting(), row.here(), row.peer(), row.there());
    }

    private static List<String> row(GroupRow row) {
        return List.of(row.group(), row.members());
    }

    private static String notRead(GroupRows groups) {
        return groups.notRead().isEmpty()
                ? ""
                : "CIDR groups could not be read in %s%n"
                        .formatted(Names.first(groups.notRead(), ", "));
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
                        .map(it -> it.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(""),
                peers(condition));
    }

    /// The peers that account for its state.
    private static String peers(Condition condition) {
        var names =
                condition.relations().entrySet().stream()
                        .filter(it -> it.getValue().state() == condition.state())
                        .map(it -> it.getKey().value())
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
        of.forEach(it -> rows.add(toRow.apply(it).stream().map(OverviewText::cell).toList()));
        var widths =
                IntStream.range(0, titles.size())
                        .map(
                                column ->
                                        rows.stream()
                                                .mapToInt(it -> it.get(column).length())
                                                .max()
                                                .orElse(0))
                        .toArray();
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
}
