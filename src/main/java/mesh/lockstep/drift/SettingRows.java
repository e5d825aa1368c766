package mesh.lockstep.drift;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Holdings;

/// In what the settings and CIDR groups of peers differ from ours, as far as we know.
///
/// @param unknown peers whose settings are not known; all of them while ours are not
record SettingRows(List<SettingRow> rows, Set<ClusterName> unknown) {

    static SettingRows of(Holdings holdings, ClusterName here) {
        var settings = holdings.settings();
        var unknown = new HashSet<>(holdings.believed().keySet());
        unknown.remove(here);
        if (settings.containsKey(here)) {
            unknown.removeAll(settings.keySet());
        }
        return new SettingRows(SettingRow.of(here, holdings), Set.copyOf(unknown));
    }
}
