package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.MemberSettings;

/// Something by which the same policy may work differently in a peer: a setting that it has
/// differently, or a CIDR group that is missing in one of the two.
public record SettingRow(String setting, String here, String peer, String there) {

    private static final Comparator<SettingRow> ORDER =
            Comparator.comparing(SettingRow::setting).thenComparing(SettingRow::peer);

    /// Settings first.
    static List<SettingRow> of(ClusterName here, Holdings holdings) {
        var rows = new ArrayList<SettingRow>();
        add(here, holdings.settings(), rows);
        addGroups(here, holdings, rows);
        return rows;
    }

    private static void add(
            ClusterName here, Map<ClusterName, MemberSettings> settings, List<SettingRow> rows) {
        var ours = settings.get(here);
        if (ours != null) {
            settings.forEach(
                    (peer, theirs) ->
                            ours.departures(theirs)
                                    .forEach(
                                            it ->
                                                    rows.add(
                                                            new SettingRow(
                                                                    it.setting(),
                                                                    it.here(),
                                                                    peer.value(),
                                                                    it.there()))));
        }
    }

    /// Of the groups that policies name which are meant for the peer, too.
    private static void addGroups(ClusterName here, Holdings holdings, List<SettingRow> rows) {
        var groups = holdings.cidrGroups();
        var ours = groups.get(here);
        if (ours == null) {
            return;
        }
        var found = new TreeSet<SettingRow>(ORDER);
        for (var use : holdings.groupUses()) {
            var isHere = ours.contains(use.group());
            groups.forEach(
                    (peer, theirs) -> {
                        var isThere = theirs.contains(use.group());
                        if (isHere != isThere && use.members().share(here, peer)) {
                            found.add(
                                    new SettingRow(
                                            "ciliumcidrgroup/" + use.group(),
                                            word(isHere),
                                            peer.value(),
                                            word(isThere)));
                        }
                    });
        }
        rows.addAll(found);
    }

    private static String word(boolean present) {
        return present ? "present" : "missing";
    }
}
