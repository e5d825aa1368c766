package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Ports.Numbered;
import mesh.lockstep.policy.Ports.Range;

/// What one port rule says of its entry's peers.
///
/// @param entry as written
/// @param portRule as written
/// @param peers sorted, each once
/// @param conditions what it asks for besides ports: the alternatives, sorted
/// @param joins whether that may be joined with what another rule asks for
record Filter(
        String subject,
        boolean ingress,
        JsonNode entry,
        JsonNode portRule,
        List<PolicyPeer> peers,
        List<Ports> ports,
        List<List<String>> conditions,
        boolean joins) {

    private static final PolicyPeer EVERYONE = PolicyPeer.Labelled.EVERYONE;

    boolean meets(Filter other) {
        return ingress == other.ingress
                && portsMeet(other)
                && !conditions.equals(other.conditions)
                && (isOrdered()
                        || other.isOrdered()
                        || peers.contains(EVERYONE)
                        || other.peers.contains(EVERYONE)
                        || share(peers, other.peers));
    }

    private boolean portsMeet(Filter other) {
        for (var ours : ports) {
            for (var theirs : other.ports) {
                if (meet(ours, theirs)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Steps that it takes at most to see whether it meets another one.
    long steps(Filter other) {
        return size() * other.ports.size()
                + other.size() * ports.size()
                + Math.min(conditions.size(), other.conditions.size())
                + peers.size()
                + other.peers.size();
    }

    private long size() {
        long size = 0;
        for (var each : ports) {
            size += each.size();
        }
        return size;
    }

    /// Whether it is joined with others for other peers too, and by order: not so DNS names.
    boolean isOrdered() {
        return joins && !portRule.path("rules").has("dns");
    }

    private static boolean meet(Ports one, Ports other) {
        if (one instanceof Numbered(var protocol, var ranges)
                && other instanceof Numbered(var otherProtocol, var otherRanges)) {
            return protocol.equals(otherProtocol) && meet(ranges, otherRanges);
        }
        return one.equals(other);
    }

    /// @param ranges sorted, like the others
    private static boolean meet(List<Range> ranges, List<Range> others) {
        for (int i = 0, j = 0; i < ranges.size() && j < others.size(); ) {
            if (ranges.get(i).meets(others.get(j))) {
                return true;
            }
            if (ranges.get(i).last() < others.get(j).first()) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }

    private static boolean share(List<PolicyPeer> peers, List<PolicyPeer> others) {
        for (int i = 0, j = 0; i < peers.size() && j < others.size(); ) {
            var order = peers.get(i).compareTo(others.get(j));
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }
}
