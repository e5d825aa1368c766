package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mesh.lockstep.policy.AddressBlock;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Word;

/// The addresses of one rule: `fromCIDR`, `toCIDR`, `fromCIDRSet`, `toCIDRSet`.
///
/// Source: `pkg/policy/api/cidr.go`, `CIDRRule.sanitize` in `pkg/policy/api/rule_validation.go` and
/// `pkg/labels/cidr.go` of Cilium. Prefixes are masked; an exception inside another disappears:
///
/// ```yaml
/// toCIDR: [10.1.2.3/8]      toCIDRSet: [{cidr: 10.0.0.0/8, except: []}]
/// ```
///
/// The contents of a CiliumCIDRGroup are its cluster's; only its name or labels are compared.
final class Cidrs {

    private static final String GROUPS = "CIDR groups ";

    /// The text of the peers that an empty `cidrGroupSelector` selects.
    static final String ALL_GROUPS = GROUPS + "{}";

    private final List<PolicyPeer> peers = new ArrayList<>();

    private final Reserve reserve;

    private Cidrs(Reserve reserve) {
        this.reserve = reserve;
    }

    /// @param blocks the list of `toCIDR`
    static List<PolicyPeer> ofBlocks(JsonNode blocks, Reserve reserve) {
        var cidrs = new Cidrs(reserve);
        blocks.forEach(block -> cidrs.addBlock(CidrText.block(block.textValue()), List.of()));
        return cidrs.peers;
    }

    /// @param sets the list of `toCIDRSet`
    static List<PolicyPeer> ofSets(JsonNode sets, Reserve reserve) {
        var cidrs = new Cidrs(reserve);
        sets.forEach(cidrs::add);
        return cidrs.peers;
    }

    private void add(JsonNode set) {
        reserve.take(set.path("except").size(), Reserve.VALUE);
        var excepts = new ArrayList<AddressBlock>();
        set.path("except").forEach(node -> excepts.add(CidrText.block(node.textValue())));
        var outermost = outermost(excepts);
        if (set.has("cidr")) {
            addBlock(CidrText.block(set.path("cidr").textValue()), outermost);
        } else if (set.has("cidrGroupRef")) {
            addGroup("CIDR group " + Word.quoted(set.path("cidrGroupRef").textValue()), outermost);
        } else {
            CidrGroups.selected(set.path("cidrGroupSelector"), reserve)
                    .ifPresent(text -> addGroup(GROUPS + text, outermost));
        }
    }

    private void addBlock(AddressBlock block, List<AddressBlock> excepts) {
        for (var except : excepts) {
            if (!block.contains(except)) {
                throw new AsWrittenException(except + " is not within " + block);
            }
        }
        if (!excepts.contains(block)) {
            peers.add(PolicyPeer.Addresses.of(block, excepts));
        }
    }

    private void addGroup(String name, List<AddressBlock> excepts) {
        peers.add(new PolicyPeer.Named(excepts.isEmpty() ? name : name + " except " + excepts));
    }

    /// Sorted, without those inside another.
    private static List<AddressBlock> outermost(List<AddressBlock> blocks) {
        var sorted = new ArrayList<>(blocks);
        Collections.sort(sorted);
        var outermost = new ArrayList<AddressBlock>();
        for (var block : sorted) {
            if (outermost.isEmpty() || !outermost.getLast().contains(block)) {
                outermost.add(block);
            }
        }
        return outermost;
    }
}
