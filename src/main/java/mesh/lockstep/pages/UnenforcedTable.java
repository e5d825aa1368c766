package mesh.lockstep.pages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import mesh.lockstep.pages.DepartureTable.Cell;
import mesh.lockstep.pages.DepartureTable.Column;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Objection;
import mesh.lockstep.rollout.Sentence;

/// Policies that some member's Cilium does not enforce, whether or not they differ.
///
/// @param first of them, in the order of their keys
/// @param more how many there are besides
record UnenforcedTable(List<Condition> first, int more, Discretion discretion) {

    static final int MOST = 50;

    static UnenforcedTable of(Collection<Condition> conditions, Discretion discretion) {
        var all =
                conditions.stream().filter(condition -> !condition.objections().isEmpty()).toList();
        var first = all.stream().sorted(Comparator.comparing(Condition::key)).limit(MOST).toList();
        return new UnenforcedTable(first, all.size() - first.size(), discretion);
    }

    DepartureTable table() {
        return new DepartureTable(
                "unenforced",
                "Policies that Cilium does not enforce",
                "Policies that Cilium does not enforce",
                List.of(new Column("NOT ENFORCED", "Policy"), new Column("WHY", "Why")),
                rows(),
                "",
                this::add);
    }

    private List<List<Cell>> rows() {
        var rows = new ArrayList<List<Cell>>();
        for (var condition : first) {
            var key = condition.key();
            rows.add(
                    List.of(
                            new Cell(key.qualifiedName(), true),
                            new Cell(
                                    Names.first(Sentence.of(condition, discretion), "; "), false)));
        }
        if (more > 0) {
            rows.add(List.of(new Cell("and " + more + " more", false), new Cell("", false)));
        }
        return rows;
    }

    private void add(ObjectNode overview) {
        var unenforced = overview.putObject("unenforced");
        unenforced.put("more", more);
        var policies = unenforced.putArray("policies");
        for (var condition : first) {
            var policy = policies.addObject();
            policy.put("kind", condition.key().kind().kindName());
            policy.put("namespace", condition.key().namespace());
            policy.put("name", condition.key().name());
            var members = policy.putArray("members");
            condition.objections().entrySet().forEach(entry -> add(entry, members.addObject()));
        }
    }

    private void add(Map.Entry<ClusterName, List<Objection>> objections, ObjectNode json) {
        json.put("name", objections.getKey().value());
        var why = json.putArray("why");
        objections
                .getValue()
                .forEach(
                        objection ->
                                why.add(Sentence.of(objections.getKey(), objection, discretion)));
    }
}
