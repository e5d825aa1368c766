package mesh.lockstep.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.cli.Outcome.Unread;
import mesh.lockstep.cli.Outcome.Wrong;
import mesh.lockstep.cli.Table.Cell;
import mesh.lockstep.cli.Terminal.Look;

/// The state of an installation for people.
///
/// @param healths in the order of the contexts
record StatusText(List<Health> healths) {

    void print(Terminal terminal) {
        checks().print(terminal);
        var ends = ends(Instant.now());
        if (!ends.isEmpty()) {
            terminal.line("");
            ends.print(terminal);
        }
        var words = words();
        if (!words.isEmpty()) {
            terminal.line("");
            words.forEach(terminal::line);
        }
    }

    private Table checks() {
        var titles = new ArrayList<>(List.of("CHECK"));
        healths.forEach(health -> titles.add(health.context()));
        var table = new Table(titles);
        for (var check : Check.values()) {
            var row = new ArrayList<>(List.of(new Cell(check.label())));
            healths.forEach(health -> row.add(cell(health.of(check))));
            table.add(row);
        }
        return table;
    }

    private static Cell cell(Outcome outcome) {
        var look =
                switch (outcome) {
                    case Outcome.Good _ -> Look.GREEN;
                    case Wrong _ -> Look.RED;
                    case Unread _ -> Look.YELLOW;
                    case Outcome.Unchecked _ -> Look.PLAIN;
                };
        return new Cell(outcome.mark(), look);
    }

    /// Of each cluster, those together that end at the same time.
    private Table ends(Instant now) {
        var table = new Table(List.of("CLUSTER", "VALID UNTIL", "CREDENTIALS FOR"));
        for (var health : healths) {
            Map<String, List<String>> peers = new LinkedHashMap<>();
            health.ends().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(
                            entry ->
                                    peers.computeIfAbsent(
                                                    End.text(entry.getValue(), now),
                                                    _ -> new ArrayList<>())
                                            .add(entry.getKey()));
            peers.forEach(
                    (end, names) ->
                            table.add(
                                    List.of(
                                            new Cell(health.context()),
                                            new Cell(end),
                                            new Cell(
                                                    String.join(
                                                            ", ",
                                                            names.stream().sorted().toList())))));
        }
        return table;
    }

    private List<String> words() {
        var words = new ArrayList<String>();
        for (var health : healths) {
            for (var check : Check.values()) {
                var outcome = health.of(check);
                var about =
                        "%s %s: %s: ".formatted(outcome.mark(), health.context(), check.label());
                switch (outcome) {
                    case Wrong(var what, var todo) -> {
                        words.add(about + what);
                        words.add("  → " + todo);
                    }
                    case Unread(var why) -> words.add(about + why);
                    case Outcome.Good _, Outcome.Unchecked _ -> {}
                }
            }
        }
        return words;
    }
}
