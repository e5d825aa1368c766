package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.cli.Table.Cell;
import mesh.lockstep.policy.PolicyKey;
import org.jspecify.annotations.Nullable;

/// What is to be seen at a second look that was not at the first.
record Changes(SurveyText before, SurveyText now) {

    /// Only what changed; all, where other clusters are compared than before.
    List<Table> tables() {
        if (!before.survey().members().equals(now.survey().members())) {
            return now.tables();
        }
        return Stream.of(
                        policies(),
                        now.settings().rowsNotIn(before.settings()),
                        now.groups().rowsNotIn(before.groups()))
                .filter(table -> !table.isEmpty())
                .toList();
    }

    private Table policies() {
        var table = new Table(now.titles());
        var told = before.told();
        now.told()
                .forEach(
                        (key, copies) -> {
                            var known = told.remove(key);
                            var row = now.row(copies);
                            if (known == null || !before.row(known).equals(row)) {
                                table.add(row);
                            }
                        });
        var all = all();
        told.keySet().forEach(key -> table.add(ended(key, all.get(key))));
        return table;
    }

    private Map<PolicyKey, Copies> all() {
        var all = new HashMap<PolicyKey, Copies>();
        now.survey().policies().forEach(copies -> all.put(copies.key(), copies));
        return all;
    }

    /// What is no longer listed: because all is well with it, or because nobody has it.
    private List<Cell> ended(PolicyKey key, @Nullable Copies copies) {
        if (copies != null) {
            return now.row(copies);
        }
        var row = new ArrayList<Cell>();
        for (var text : List.of("Gone", key.kind().shortName(), key.namespace(), key.name())) {
            row.add(new Cell(text));
        }
        now.titles().stream().skip(row.size()).forEach(_ -> row.add(new Cell("")));
        return row;
    }
}
