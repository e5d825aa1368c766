package mesh.lockstep.drift;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Holdings;

/// In what the settings of peers differ from ours, as far as we know, and the CIDR groups that
/// members lack.
///
/// @param unknown peers whose settings are not known; all of them while ours are not
record SettingRows(List<SettingRow> rows, Set<ClusterName> unknown, GroupRows groups) {

    static SettingRows of(Holdings holdings, ClusterName here, Predicate<PolicyKey> scope) {
        var settings = holdings.settings();
        var unknown = new HashSet<>(holdings.believed().keySet());
        unknown.remove(here);
        if (settings.containsKey(here)) {
            unknown.removeAll(settings.keySet());
        }
        return new SettingRows(
                SettingRow.of(here, settings),
                Set.copyOf(unknown),
                GroupRows.of(here, holdings, scope));
    }
}
