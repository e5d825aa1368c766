package mesh.lockstep.pages;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.peers.PeerStatus;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Departures;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.State;

/// What there is to see of the mesh from here, in whatever form it is shown.
///
/// @param here this cluster's name; empty until it is known
/// @param lastFullPass when all policies were last judged; the epoch before the first
/// @param departures of members from one another, besides their policies
/// @param counts how many policies are in which state, by their worst relation
/// @param unenforced by some member's Cilium
record Overview(
        String here,
        Instant lastFullPass,
        List<PeerStatus> peers,
        Map<State, Integer> counts,
        Departures departures,
        UnenforcedTable unenforced,
        Selection.Page page) {

    static Overview of(
            String here,
            Instant lastFullPass,
            List<PeerStatus> peers,
            Departures departures,
            Collection<Condition> conditions,
            Selection selection,
            Discretion discretion) {
        var counts = new EnumMap<State, Integer>(State.class);
        for (var state : State.values()) {
            counts.put(state, 0);
        }
        conditions.forEach(condition -> counts.merge(condition.state(), 1, Integer::sum));
        return new Overview(
                here,
                lastFullPass,
                peers,
                counts,
                departures,
                UnenforcedTable.of(conditions, discretion),
                selection.of(conditions));
    }

    List<DepartureTable> tables() {
        return Stream.concat(
                        Stream.of(unenforced.table()), DepartureTable.of(here, departures).stream())
                .toList();
    }
}
