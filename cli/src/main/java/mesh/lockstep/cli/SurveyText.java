package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.cli.Table.Cell;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.PeerView;

/// A survey as tables for people.
///
/// @param everything whether policies are listed that are as they are meant to be
/// @param asked how many clusters were to be compared
record SurveyText(Survey survey, boolean everything, int asked) {

    /// More names of members do not fit side by side.
    private static final int SIDE_BY_SIDE = 8;

    void print(Terminal terminal) {
        for (var table : tables()) {
            table.print(terminal);
            terminal.line("");
        }
        terminal.line(summary());
    }

    List<Table> tables() {
        return Stream.of(policies(), settings(), groups())
                .filter(table -> !table.isEmpty())
                .toList();
    }

    static List<String> names(Collection<ClusterName> members) {
        return members.stream().map(ClusterName::value).toList();
    }

    private boolean isWide() {
        return survey.members().size() > SIDE_BY_SIDE;
    }

    private List<String> membersAsTitles() {
        return isWide() ? List.of("CLUSTERS") : names(survey.members());
    }

    private Table policies() {
        var table = new Table(titles());
        told().values().forEach(copies -> table.add(row(copies)));
        return table;
    }

    List<String> titles() {
        var titles = new ArrayList<>(List.of("STATE", "KIND", "NAMESPACE", "NAME"));
        titles.addAll(membersAsTitles());
        return titles;
    }

    /// The policies that are listed.
    SequencedMap<PolicyKey, Copies> told() {
        var told = new LinkedHashMap<PolicyKey, Copies>();
        survey.policies().stream()
                .filter(copies -> everything || isTold(copies.standing()))
                .forEach(copies -> told.put(copies.key(), copies));
        return told;
    }

    private static boolean isTold(Standing standing) {
        return standing.isDifference() || standing == Standing.UNKNOWN;
    }

    List<Cell> row(Copies copies) {
        var key = copies.key();
        var row = new ArrayList<Cell>();
        row.add(new Cell(copies.standing().word(), copies.standing().look()));
        row.add(new Cell(key.kind().shortName()));
        row.add(new Cell(key.namespace()));
        row.add(new Cell(key.name()));
        if (isWide()) {
            row.add(new Cell(inWords(copies)));
        } else {
            var words = MemberWords.of(copies);
            copies.views().forEach(view -> row.add(new Cell(words.of(view))));
        }
        return row;
    }

    /// Members that have the same together.
    static String inWords(Copies copies) {
        var parts = new ArrayList<String>();
        for (var variant : copies.variants()) {
            parts.add(
                    parts.isEmpty()
                            ? variant.letter() + " in " + variant.holders().size()
                            : variant.letter() + " in " + named(variant.holders()));
        }
        if (!copies.missing().isEmpty()) {
            parts.add("missing in " + named(copies.missing()));
        }
        if (!copies.unknown().isEmpty()) {
            parts.add("unknown in " + named(copies.unknown()));
        }
        return String.join("; ", parts);
    }

    private static String named(List<? extends PeerView> views) {
        return Names.first(views.stream().map(view -> view.peer().value()).toList(), ", ");
    }

    Table settings() {
        var titles = new ArrayList<>(List.of("SETTING"));
        titles.addAll(membersAsTitles());
        var table = new Table(titles);
        survey.settings()
                .forEach(
                        (setting, values) -> {
                            var row = new ArrayList<>(List.of(new Cell(setting)));
                            if (isWide()) {
                                row.add(new Cell(inWords(values)));
                            } else {
                                survey.members()
                                        .forEach(name -> row.add(new Cell(value(values, name))));
                            }
                            table.add(row);
                        });
        return table;
    }

    private static String value(Map<ClusterName, String> values, ClusterName member) {
        var value = values.getOrDefault(member, "unknown");
        return value.isEmpty() ? "\"\"" : value;
    }

    /// The value of most members without their names.
    static String inWords(Map<ClusterName, String> values) {
        var having = new TreeMap<String, List<String>>();
        values.keySet()
                .forEach(
                        name ->
                                having.computeIfAbsent(value(values, name), _ -> new ArrayList<>())
                                        .add(name.value()));
        var most = having.values().stream().mapToInt(List::size).max().orElse(0);
        return having.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
                .map(entry -> entry.getKey() + " in " + members(entry.getValue(), most))
                .collect(Collectors.joining("; "));
    }

    private static String members(List<String> names, int most) {
        return names.size() == most ? String.valueOf(most) : Names.first(names, ", ");
    }

    Table groups() {
        var table = new Table(List.of("CIDR GROUP", "MISSING IN"));
        survey.groups()
                .forEach(
                        (group, members) -> {
                            var names = Names.first(names(members), ", ");
                            table.add(List.of(new Cell(group), new Cell(names)));
                        });
        return table;
    }

    /// As "212 policies, 3 clusters: 208 agree, 2 differ, 2 missing".
    String summary() {
        var clusters = counted(asked, "cluster", "clusters");
        var compared = survey.members().size();
        return "%s, %s: %s"
                .formatted(
                        counted(survey.policies().size(), "policy", "policies"),
                        compared == asked ? clusters : compared + " of " + clusters,
                        counts());
    }

    private String counts() {
        var counts = survey.counts();
        var parts = new ArrayList<String>();
        parts.add(counts.getOrDefault(Standing.AGREES, 0) + " " + Standing.AGREES.many());
        counts.forEach(
                (standing, count) -> {
                    if (standing != Standing.AGREES) {
                        parts.add(count + " " + standing.many());
                    }
                });
        return String.join(", ", parts);
    }

    static String counted(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
