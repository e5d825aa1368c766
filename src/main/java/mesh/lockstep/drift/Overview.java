package mesh.lockstep.drift;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.peers.PeerStatus;

/// What there is to see of the mesh from here, in whatever form it is shown.
///
/// @param here this cluster's name; empty until it is known
/// @param lastFullPass when all policies were last judged; the epoch before the first
/// @param settings that peers have differently
/// @param groups that members lack
/// @param counts how many policies are in which state, by their worst relation
record Overview(
        String here,
        Instant lastFullPass,
        List<PeerStatus> peers,
        Map<State, Integer> counts,
        List<SettingRow> settings,
        GroupRows groups,
        Selection.Page page) {

    static Overview of(
            String here,
            Instant lastFullPass,
            List<PeerStatus> peers,
            List<SettingRow> settings,
            GroupRows groups,
            Collection<Condition> conditions,
            Selection selection) {
        var counts = new EnumMap<State, Integer>(State.class);
        for (var state : State.values()) {
            counts.put(state, 0);
        }
        conditions.forEach(it -> counts.merge(it.state(), 1, Integer::sum));
        return new Overview(
                here, lastFullPass, peers, counts, settings, groups, selection.of(conditions));
    }
}
