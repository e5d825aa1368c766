package mesh.lockstep.policy;

/// That Cilium would not take a policy: it enforces none of its rules.
///
/// @param place in the manifest, as `specs[1].ingress[0]`; empty where that is all of `spec`
/// @param reason for people, in a few words; it may quote the policy
public record Rejection(String place, String reason) {

    /// The place with the reason.
    public String text() {
        return place.isEmpty() ? reason : place + ": " + reason;
    }
}
