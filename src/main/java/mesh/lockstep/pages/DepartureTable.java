package mesh.lockstep.pages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Departures.Found;
import mesh.lockstep.rollout.Departures.LackedGroup;
import mesh.lockstep.rollout.Departures.OtherSetting;

/// Departures of one kind, as they are listed for people and for programs.
///
/// @param id of its section on the page
/// @param title of that section
/// @param subject what may differ, in the plural
/// @param rows with a cell for each column
/// @param notRead the members of which it is not known; empty if there are none, or they are not
///   told
/// @param forPrograms adds them to an overview
public record DepartureTable(
        String id,
        String title,
        String subject,
        List<Column> columns,
        List<List<Cell>> rows,
        String notRead,
        Consumer<ObjectNode> forPrograms) {

    /// What is above a column.
    ///
    /// @param word above the column in a terminal
    /// @param title above it on the page
    public record Column(String word, String title) {}

    /// What one member has.
    ///
    /// @param code whether it is written like this in a configuration
    public record Cell(String text, boolean code) {}

    /// Whether there is nothing to tell.
    boolean isEmpty() {
        return rows.isEmpty() && notRead.isEmpty();
    }

    /// One for each kind.
    ///
    /// @param here this cluster's name
    static List<DepartureTable> of(String here, Departures departures) {
        return switch (departures) {
            case Departures(var settings, var groups) ->
                    List.of(settings(here, settings.all()), cidrGroups(groups));
        };
    }

    private static DepartureTable settings(String here, List<OtherSetting> found) {
        return new DepartureTable(
                "settings",
                "Settings that can make the same policy behave differently",
                "Settings",
                List.of(
                        new Column("SETTING", "Setting"),
                        new Column("HERE", here),
                        new Column("PEER", "Peer"),
                        new Column("THERE", "Value there")),
                found.stream().map(DepartureTable::row).toList(),
                "",
                overview -> add(found, overview));
    }

    private static List<Cell> row(OtherSetting departure) {
        return List.of(
                new Cell(departure.setting(), true),
                new Cell(departure.here(), true),
                new Cell(departure.peer().value(), false),
                new Cell(departure.there(), true));
    }

    private static void add(List<OtherSetting> found, ObjectNode overview) {
        var settings = overview.putArray("settings");
        for (var departure : found) {
            settings.addObject()
                    .put("setting", departure.setting())
                    .put("here", departure.here())
                    .put("peer", departure.peer().value())
                    .put("there", departure.there());
        }
    }

    private static DepartureTable cidrGroups(Found<LackedGroup> found) {
        return new DepartureTable(
                "groups",
                "CIDR groups that policies use and some member does not have",
                "CIDR groups",
                List.of(
                        new Column("CIDR GROUP", "CIDR group"),
                        new Column("MISSING IN", "Missing in")),
                found.all().stream().map(DepartureTable::row).toList(),
                named(found.unknown()),
                overview -> add(found, overview));
    }

    private static List<Cell> row(LackedGroup departure) {
        return List.of(
                new Cell(departure.group(), true), new Cell(named(departure.missingIn()), false));
    }

    private static void add(Found<LackedGroup> found, ObjectNode overview) {
        var groups = overview.putObject("cidrGroups");
        var missing = groups.putArray("missing");
        for (var departure : found.all()) {
            var in = missing.addObject().put("name", departure.group()).putArray("in");
            departure.missingIn().forEach(name -> in.add(name.value()));
        }
        var notRead = groups.putArray("notRead");
        found.unknown().forEach(name -> notRead.add(name.value()));
    }

    private static String named(Collection<ClusterName> members) {
        return Names.first(members.stream().map(ClusterName::value).toList(), ", ");
    }
}
