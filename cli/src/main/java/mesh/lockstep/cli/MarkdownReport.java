package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.cli.Report.Entry;
import mesh.lockstep.cli.Report.Mark;
import mesh.lockstep.cli.Table.Cell;

/// A report as a part of a page, such as the summary of a job.
///
/// @param command what was run
record MarkdownReport(String command, Report report) {

    /// A page has room for about a megabyte.
    private static final int MAX_DETAILED = 50;

    String text() {
        var parts = new ArrayList<String>();
        parts.add("### kubectl lockstep " + command);
        var tables = report.tables().isEmpty() ? List.of(table()) : report.tables();
        tables.stream()
                .filter(table -> !table.isEmpty())
                .forEach(table -> parts.add(String.join("\n", table.markdown())));
        parts.add(Escaped.markdown(report.summary()));
        report.absent().forEach(absent -> parts.add(Escaped.markdown(absent.text())));
        if (report.tables().isEmpty()) {
            details(parts);
        }
        return String.join("\n\n", parts);
    }

    private Table table() {
        var table = new Table(List.of("POLICY", "STATE", "FILE"));
        for (var entry : report.entries()) {
            if (entry.mark() != Mark.PASSED || !entry.issues().isEmpty()) {
                table.add(
                        List.of(
                                new Cell(Parting.title(entry.key())),
                                new Cell(entry.state()),
                                new Cell(entry.document().map(MarkdownReport::file).orElse(""))));
            }
        }
        return table;
    }

    private static String file(Spot spot) {
        return spot.file().map(path -> path + ":" + spot.line()).orElse("");
    }

    private void details(List<String> parts) {
        var told = report.entries().stream().filter(entry -> !entry.issues().isEmpty()).toList();
        told.stream().limit(MAX_DETAILED).forEach(entry -> details(entry, parts));
        if (told.size() > MAX_DETAILED) {
            parts.add("and " + (told.size() - MAX_DETAILED) + " more");
        }
    }

    private static void details(Entry entry, List<String> parts) {
        parts.add("#### " + Escaped.markdown(Parting.title(entry.key())));
        var lines = entry.issues().stream().flatMap(issue -> issue.lines().stream()).toList();
        parts.add(Escaped.fenced(lines));
    }
}
