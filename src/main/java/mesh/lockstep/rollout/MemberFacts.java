package mesh.lockstep.rollout;

import java.util.Optional;
import java.util.Set;
import mesh.lockstep.policy.ClusterName;

/// What is known of a member besides its policies; what is not known is empty.
///
/// @param settings empty until they were read, or where we may not read them
/// @param cidrGroups the names of its CIDR groups, as they were read last: once a minute, if all
///   goes well
/// @param callsItself the name that its Cilium has for it
/// @param notRenewed why its new credentials do not work, in a few words, while it is still read
///   with the old ones
public record MemberFacts(
        Optional<MemberSettings> settings,
        Optional<Set<String>> cidrGroups,
        Optional<ClusterName> callsItself,
        Optional<String> notRenewed) {

    /// For a member that was not read.
    public static final MemberFacts UNKNOWN =
            new MemberFacts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// The same with what its Cilium is told.
    public MemberFacts configured(MemberSettings settings, Optional<ClusterName> callsItself) {
        return new MemberFacts(Optional.of(settings), cidrGroups, callsItself, notRenewed);
    }

    /// The same with other CIDR groups; empty: not known.
    public MemberFacts withCidrGroups(Optional<Set<String>> cidrGroups) {
        return new MemberFacts(settings, cidrGroups, callsItself, notRenewed);
    }

    /// The same while new credentials are tried.
    public MemberFacts notRenewed(Optional<String> cause) {
        return new MemberFacts(settings, cidrGroups, callsItself, cause);
    }

    /// What counts of it while nothing is heard from the member: objects may have come and gone.
    public MemberFacts unheard() {
        return withCidrGroups(Optional.empty());
    }
}
