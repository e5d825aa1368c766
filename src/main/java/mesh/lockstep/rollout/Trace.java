package mesh.lockstep.rollout;

import mesh.lockstep.policy.Fingerprint;
import mesh.lockstep.policy.Members;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.Revision;
import mesh.lockstep.policy.Version;

/// What is kept of a policy that this cluster held.
///
/// @param version that it had
/// @param members that it was meant for, as half of their fingerprint
/// @param revision that it had
public record Trace(Fingerprint version, long members, Revision revision) {

    public static Trace of(Version version, Revision revision) {
        return new Trace(version.fingerprint(), half(version.members()), revision);
    }

    /// Whether this is that policy.
    boolean isOf(Policy policy) {
        return revision.equals(policy.intent().revision())
                && version.equals(policy.version().fingerprint());
    }

    /// Whether it was meant for the same members.
    boolean isMeantAs(Policy policy) {
        return members == half(policy.intent().members());
    }

    private static long half(Members members) {
        return Fingerprint.of(members).low();
    }
}
