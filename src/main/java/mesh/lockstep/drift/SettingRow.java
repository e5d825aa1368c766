package mesh.lockstep.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.MemberSettings;

/// A setting that a peer has differently, so that the same policy may behave differently there.
public record SettingRow(String setting, String here, String peer, String there) {

    static List<SettingRow> of(ClusterName here, Map<ClusterName, MemberSettings> settings) {
        var rows = new ArrayList<SettingRow>();
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
        return rows;
    }
}
