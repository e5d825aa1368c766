package mesh.lockstep.policy.reading;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import mesh.lockstep.policy.AddressBlock;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.PolicyPeer.Addresses;
import mesh.lockstep.policy.PolicyPeer.Labelled;
import mesh.lockstep.policy.PolicyPeer.Named;

/// Which peers are within others, beside which they say nothing: a block within one without
/// exceptions, an entity within `all`, `cluster` within `cluster-mesh`.
///
/// Source: `CIDRSelector` in `pkg/policy/types/selector.go` and `EntitySelectorMapping` in
/// `pkg/policy/api/entity.go` of Cilium: whoever is selected by the one is by the other. It does
/// not matter whether one entry names both:
///
/// ```yaml
/// - {fromCIDR: [10.0.0.0/8, 10.1.0.0/16]}      - {fromCIDR: [10.0.0.0/8]}
///                                              - {fromCIDR: [10.1.0.0/16]}
/// ```
///
/// Not looked for are selectors within selectors, and blocks within blocks with exceptions. A block
/// of no bits is the entity `world` to Cilium. Nodes are not in it, and only where
/// `policy-cidr-match-mode` has `nodes` are they in other blocks (`CIDRSelector.Matches`): that is
/// not looked at.
///
/// Where rules ask for different things, nobody is within another: Cilium joins the rules for one
/// peer, so that what is asked for in one is asked for in all, and rules for a peer within it are
/// not among them (`mergePortProto` in `pkg/policy/rule.go`). With requests for 10.0.0.0/8 in one
/// rule and none in another, a third that lets 10.1.0.0/16 through says something.
///
/// @param isAny whether anybody is within another
/// @param withinAll whether entities are within everyone
record Nesting(boolean isAny, boolean withinAll) {

    /// A block before those within it, and the plain one before the same with exceptions.
    private static final Comparator<Addresses> OUTSIDE_IN =
            Comparator.comparing(Addresses::block)
                    .thenComparing(addresses -> !addresses.excepts().isEmpty())
                    .thenComparing(Addresses::text);

    /// What those within a block are within.
    private record Around<T>(AddressBlock block, T value) {}

    /// What is done with each peer.
    ///
    /// @param <T> what is known of a peer
    @FunctionalInterface
    interface Visit<T> {

        /// Looks at one peer.
        ///
        /// @param around what is known of the nearest peer around it
        /// @return what is known of this peer
        T visit(PolicyPeer peer, T around);
    }

    /// Visits each peer, after those around it.
    ///
    /// @param outside what is around a peer that is within no other
    <T> void walk(Collection<PolicyPeer> peers, T outside, Visit<T> visit) {
        if (!isAny) {
            peers.forEach(policyPeer -> visit.visit(policyPeer, outside));
            return;
        }
        var blocks = new ArrayList<Addresses>();
        var entities = new ArrayList<Labelled>();
        for (var peer : peers) {
            switch (peer) {
                case Addresses addresses -> blocks.add(addresses);
                case Labelled labelled when Entities.isOne(labelled) -> entities.add(labelled);
                case Labelled _, Named _ -> visit.visit(peer, outside);
            }
        }
        walkEntities(entities, outside, visit);
        walkBlocks(blocks, outside, visit);
    }

    private <T> void walkEntities(List<Labelled> entities, T outside, Visit<T> visit) {
        var rest = new ArrayList<>(entities);
        var withinEveryone = outside;
        if (withinAll && rest.remove(Labelled.EVERYONE)) {
            withinEveryone = visit.visit(Labelled.EVERYONE, outside);
        }
        var withinMesh = withinEveryone;
        if (rest.remove(Entities.PODS_OF_THE_MESH)) {
            withinMesh = visit.visit(Entities.PODS_OF_THE_MESH, withinEveryone);
        }
        for (var entity : rest) {
            var isInMesh = entity.equals(Entities.PODS_HERE);
            visit.visit(entity, isInMesh ? withinMesh : withinEveryone);
        }
    }

    private static <T> void walkBlocks(List<Addresses> blocks, T outside, Visit<T> visit) {
        blocks.sort(OUTSIDE_IN);
        var open = new ArrayDeque<Around<T>>();
        for (var addresses : blocks) {
            while (!open.isEmpty() && !open.getLast().block().contains(addresses.block())) {
                open.removeLast();
            }
            var around = open.isEmpty() ? outside : open.getLast().value();
            var value = visit.visit(addresses, around);
            if (addresses.excepts().isEmpty()) {
                open.addLast(new Around<>(addresses.block(), value));
            }
        }
    }
}
