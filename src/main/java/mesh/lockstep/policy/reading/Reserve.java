package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// What reading one policy may take besides its tree: bytes of memory, and steps of work that take
/// as long as writing some bytes. It is asked before anything is made or done. Beyond it a policy
/// is compared as written.
///
/// It depends on the policy alone, lest one member reads what another does not.
final class Reserve {

    /// The reserve of a policy of no size. A hundred requests on forty ports fit in it.
    static final long MIN = 2L * 1024 * 1024;

    /// For each node of the tree, as reading takes where nothing multiplies.
    static final int NODE = 500;

    /// An eighth of the heap that the Deployment has. Sixty thousand peers fit in it, which is what
    /// Cilium's map of a policy holds at most.
    static final long MAX = 32L * 1024 * 1024;

    /// A peer with its texts.
    static final int PEER = 300;

    /// A requirement on a label.
    static final int REQUIREMENT = 250;

    /// A value in such a requirement.
    static final int VALUE = 120;

    /// A name in a list, or a place in one.
    static final int ELEMENT = 40;

    /// A kind of traffic, with the list of its conditions.
    static final int TRAFFIC = 100;

    /// To find where a rule belongs.
    static final int FINDING = 100;

    /// A comparison of two things.
    static final int STEP = 8;

    private final List<JsonNode> rules;
    private long left = MIN;
    private boolean isCounted;

    /// @param rules of the policy
    Reserve(List<JsonNode> rules) {
        this.rules = rules;
    }

    /// @param each bytes
    void take(long times, int each) {
        left -= times * each;
        if (left < 0 && !isCounted) {
            // Most policies take less than the least.
            isCounted = true;
            left += Math.min(NODE * rules.stream().mapToLong(Reserve::nodes).sum(), MAX - MIN);
        }
        if (left < 0) {
            throw AsWrittenException.undecided(
                    "too many combinations of peers, ports and requests");
        }
    }

    private static long nodes(JsonNode node) {
        long nodes = 1;
        for (var child : node) {
            nodes += nodes(child);
        }
        return nodes;
    }
}
