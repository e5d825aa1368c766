package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.cli.Terminal.Look;
import mesh.lockstep.policy.Clean;

/// Rows in columns, in the manner of kubectl.
final class Table {

    /// Characters of one cell.
    private static final int MAX_CELL = 120;

    private static final String GAP = "   ";

    private final List<List<Cell>> rows = new ArrayList<>();

    Table(List<String> titles) {
        rows.add(titles.stream().map(title -> new Cell(title, Look.BOLD)).toList());
    }

    /// What is in one place. Much of it comes from clusters.
    record Cell(String text, Look look) {
        Cell {
            text = text.isEmpty() ? "-" : Clean.line(text, MAX_CELL);
        }

        Cell(String text) {
            this(text, Look.PLAIN);
        }
    }

    void add(List<Cell> row) {
        rows.add(List.copyOf(row));
    }

    /// What another table with the same titles does not have.
    Table rowsNotIn(Table other) {
        var table = new Table(rows.getFirst().stream().map(Cell::text).toList());
        rows.stream().skip(1).filter(row -> !other.rows.contains(row)).forEach(table::add);
        return table;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    void print(Terminal terminal) {
        var widths = new ArrayList<Integer>();
        for (int i = 0; i < rows.getFirst().size(); i++) {
            int column = i;
            widths.add(cells(column).mapToInt(cell -> cell.text().length()).max().orElse(0));
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                var cell = row.get(i);
                line.append(terminal.in(cell.look(), cell.text()));
                if (i < row.size() - 1) {
                    line.repeat(" ", widths.get(i) - cell.text().length()).append(GAP);
                }
            }
            terminal.colored(line.toString());
        }
    }

    /// For a page on which a stranger's text has no meaning of its own.
    List<String> markdown() {
        var lines = new ArrayList<String>();
        for (var row : rows) {
            lines.add(
                    row.stream()
                            .map(cell -> Escaped.markdown(cell.text()))
                            .collect(Collectors.joining(" | ", "| ", " |")));
            if (lines.size() == 1) {
                lines.add("|" + "---|".repeat(row.size()));
            }
        }
        return lines;
    }

    private Stream<Cell> cells(int column) {
        return rows.stream().map(row -> row.get(column));
    }
}
