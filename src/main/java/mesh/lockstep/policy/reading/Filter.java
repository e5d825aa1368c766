package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.PolicyPeer;

/// What one port rule that allows, or an entry without any, says of its entry's peers.
///
/// @param number in the order of the policy
/// @param entry as written
/// @param selectors that its peers are read by
/// @param requests of the port rule
/// @param peers sorted, each once
/// @param keys of the filters that Cilium makes of it
/// @param conditions what it asks for: the alternatives, sorted
record Filter(
        int number,
        Subject subject,
        Section section,
        JsonNode entry,
        PeerSelectors selectors,
        RequestsAsWritten requests,
        List<PolicyPeer> peers,
        List<FilterKey> keys,
        Asked asked,
        List<List<String>> conditions) {

    List<PeerAsWritten> peersAsWritten() {
        return EntryPeers.asWritten(entry, section, selectors);
    }

    boolean saysAnything() {
        return !peers.isEmpty() && !keys.isEmpty();
    }

    /// Whether it asks for the same as another one.
    ///
    /// @param requests whether their requests count, and not only of which kind they are
    boolean asksLike(Filter other, boolean requests) {
        return asked.once().equals(other.asked.once())
                && (!requests || conditions.equals(other.conditions));
    }

    /// Whether the two in one filter, for the same peer, may be something else than in two.
    ///
    /// @param contended see [Contention#isIn]
    boolean clashes(Filter other, boolean contended) {
        return number != other.number
                && subject.meets(other.subject)
                && (contended || !asked.agrees(other.asked));
    }

    /// Whether Cilium, having this, leaves out what the other allows besides. Whether it comes to
    /// that depends on what else is in their filter, which makes this one longer.
    boolean swallows(Filter other) {
        return number != other.number
                && asked.repeats()
                && shares(other)
                && requests.isTakenFor(other.requests);
    }

    /// Whether the two have a filter in common, if their peers do.
    boolean shares(Filter other) {
        return !Collections.disjoint(keys, other.keys) && subject.meets(other.subject);
    }

    /// Whether it matters which of the two is first, and how often each is there.
    Sequence sequence(Filter other) {
        if (asked.isOrdered(other.asked)) {
            return Sequence.COUNTED;
        }
        return asked.agrees(other.asked) ? Sequence.ORDERED : Sequence.NONE;
    }

    /// How often it is in the filter of a key.
    String times(FilterKey key) {
        return ", " + Collections.frequency(keys, key) + " times";
    }

    /// Steps that it takes at most to see whether it clashes with another one.
    long steps(Filter other) {
        var size = subject.steps(other.subject);
        return asked.repeats() || other.asked.repeats()
                ? size + requests.size() + other.requests.size()
                : size;
    }

    /// What it says of whom.
    ///
    /// @param asWritten whether it counts how often requests are written
    String text(boolean asWritten) {
        var alternatives =
                conditions.stream()
                        .map(condition -> String.join("; ", condition))
                        .collect(Collectors.joining(" or "));
        return Abridged.of(
                subject.text().orElse("nobody")
                        + " if "
                        + alternatives
                        + (asWritten ? " as " + requests.list() : ""));
    }
}
