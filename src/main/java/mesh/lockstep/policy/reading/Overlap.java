package mesh.lockstep.policy.reading;

import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.PolicyPeer.Addresses;
import mesh.lockstep.policy.PolicyPeer.Labelled;
import mesh.lockstep.policy.PolicyPeer.Named;
import mesh.lockstep.policy.ValueSet;

/// Whether two may have somebody in common. It is so unless the opposite is proven:
///
/// ```
/// {matchLabels: {app: a}}      {matchLabels: {app: b}}      # nobody is both
/// ```
final class Overlap {

    private Overlap() {}

    static boolean of(PolicyPeer one, PolicyPeer other) {
        if (one instanceof Addresses ours && other instanceof Addresses theirs) {
            return ours.block().overlaps(theirs.block());
        }
        if (one instanceof Labelled ours && other instanceof Labelled theirs) {
            return of(ours, theirs);
        }
        if (one instanceof Labelled ours) {
            return !isApart(ours, other);
        }
        return !(other instanceof Labelled theirs && isApart(theirs, one));
    }

    /// A label of Kubernetes has one value.
    static boolean of(Labelled one, Labelled other) {
        for (var requirement : one.requirements().entrySet()) {
            var key = requirement.getKey();
            var theirs = other.requirements().get(key);
            if (theirs != null
                    && key.startsWith(Labels.K8S)
                    && ValueSet.areApart(requirement.getValue(), theirs)) {
                return false;
            }
        }
        return true;
    }

    /// No pod has an address, a name or a group of its own; a service may have pods.
    private static boolean isApart(Labelled labelled, PolicyPeer other) {
        var pods =
                labelled.requirements().entrySet().stream()
                        .anyMatch(
                                entry ->
                                        Labels.isOfPodsOnly(entry.getKey())
                                                && !entry.getValue().mayBeAbsent());
        return pods && !(other instanceof Named named && Services.isOne(named));
    }

    /// Steps that it takes at most.
    static long steps(PolicyPeer one, PolicyPeer other) {
        return (long) one.size() + other.size();
    }
}
