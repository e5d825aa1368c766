package mesh.lockstep.policy;

import java.util.Optional;

/// Why a policy, or a part of one, is compared as it is written.
///
/// @param extent how much of it is
/// @param place where the reason is, or the part; empty where it is all of the policy
/// @param reason for people, as "unknown entity moon"
public record AsWritten(Extent extent, Optional<Place> place, String reason) {

    /// How much of a policy is compared as written.
    public enum Extent {
        /// All of it: Cilium would reject it.
        REJECTED,
        /// All of it, although Cilium may take it; or never hears of it, since its definition keeps
        /// the API server from storing it.
        WHOLE,
        /// A part of it.
        PART
    }

    /// A place in a policy.
    ///
    /// @param rule its number among the rules, the first is 0
    /// @param within the path in the rule, as `ingress[1]`; empty for the rule itself
    public record Place(int rule, String within) {}

    /// Whether all of the policy is compared as written.
    public boolean isWhole() {
        return extent != Extent.PART;
    }

    /// That Cilium would reject the policy; empty where it may take it.
    ///
    /// @param spec in which it is
    Optional<Rejection> rejection(Spec spec) {
        return extent == Extent.REJECTED
                ? Optional.of(new Rejection(path(spec).orElse(""), reason))
                : Optional.empty();
    }

    /// Where that is in the manifest, as `specs[2].ingress[1]`; empty where that is all of `spec`,
    /// or of the policy.
    private Optional<String> path(Spec spec) {
        return place.map(place -> path(spec.rules().get(place.rule()).path(), place.within()))
                .filter(text -> !text.isEmpty());
    }

    private static String path(String rule, String within) {
        return rule.isEmpty() || within.isEmpty() ? rule + within : rule + "." + within;
    }

    /// A sentence for people, of the first of two policies that has such a reason.
    ///
    /// @param here where the one policy is, as "here"
    /// @param there where the other is, as "in cluster2"
    /// @param reasons whether the reason may be shown
    public static Optional<String> sentence(
            Policy ours, Policy theirs, String here, String there, boolean reasons) {
        var written = ours.meaning().written();
        return written.isPresent()
                ? written.map(asWritten -> asWritten.sentence(ours.spec(), here, reasons))
                : theirs.meaning()
                        .written()
                        .map(asWritten -> asWritten.sentence(theirs.spec(), there, reasons));
    }

    private String sentence(Spec spec, String where, boolean reasons) {
        var because = reasons ? ": " + reason : "";
        var path = path(spec).or(() -> place.map(_ -> "spec"));
        if (isWhole()) {
            var of = path.map(text -> ", because of " + text + " " + where).orElse("");
            return "Compared as written" + of + because + ".";
        }
        return path.orElse("") + " " + where + " is compared as written" + because + ".";
    }
}
