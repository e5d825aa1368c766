package mesh.lockstep.rollout;

import mesh.lockstep.policy.Rejection;

/// What speaks against a member's Cilium enforcing the copy of a policy that it has.
public sealed interface Objection {

    /// Cilium would not take it, as it is read here.
    record ByReading(Rejection rejection) implements Objection {}

    /// The member's own Cilium calls it invalid, in the policy's status.
    ///
    /// @param message what Cilium says of it, in one line; may quote the policy, and be empty
    record ByCilium(String message) implements Objection {}

    /// Characters of what people read of it.
    default int length() {
        return switch (this) {
            case ByReading(var rejection) -> rejection.text().length();
            case ByCilium(var message) -> message.length();
        };
    }
}
