package mesh.lockstep.rollout;

import java.util.List;
import mesh.lockstep.difference.Difference.Changed;
import mesh.lockstep.difference.Differences;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Intent.Unreadable;
import mesh.lockstep.policy.Policy;

/// Our answer to a change.
public sealed interface Verdict {

    /// All findings, with how they were taken, in the order of the peers' names.
    List<Weighed> findings();

    record Weighed(Finding finding, Severity severity) {}

    record Admitted(List<Weighed> findings) implements Verdict {
        public Admitted {
            findings = List.copyOf(findings);
            if (findings.stream().anyMatch(weighed -> weighed.severity() == Severity.DENY)) {
                throw new IllegalArgumentException("a finding that denies, in an admission");
            }
        }
    }

    /// The change is not let through.
    record Refused(List<Weighed> findings, Grounds grounds) implements Verdict {
        public Refused {
            findings = List.copyOf(findings);
        }
    }

    /// The change would have been refused, but the requester may override that.
    ///
    /// @param by the user who did
    record Overridden(List<Weighed> findings, Grounds grounds, String by) implements Verdict {
        public Overridden {
            findings = List.copyOf(findings);
        }
    }

    /// Why a change is refused.
    sealed interface Grounds {

        /// A peer that was read after the request arrived showed the conflict.
        ///
        /// @param theirs the peer's policy
        /// @param resourceVersion of the peer's object
        /// @param differences of the rules
        /// @param beside what else differs: what their authors say the policies are for
        record Witness(
                Finding finding,
                Policy theirs,
                String resourceVersion,
                Differences differences,
                List<Changed> beside)
                implements Grounds {
            public Witness {
                beside = List.copyOf(beside);
                if (differences.isNone() && beside.isEmpty()) {
                    throw new IllegalArgumentException("a witness of no difference");
                }
            }

            public ClusterName peer() {
                return finding.peer();
            }
        }

        /// What is remembered would refuse, and the peer could not be asked just now, which is not
        /// its fault: neither refused for good nor admitted. A retry is judged again.
        ///
        /// @param finding of memory alone
        /// @param cause why it could not be asked, for people, in a few words
        record Deferred(Finding finding, String cause) implements Grounds {
            public ClusterName peer() {
                return finding.peer();
            }
        }

        /// Not knowing what a peer has is configured to refuse.
        record Uncompared() implements Grounds {}

        /// What is to be created would be refused, and is there already: that is what the requester
        /// has to know. It is said by us and not left to the API server, since what is admitted for
        /// being there may be deleted before it is stored, and would then be created unchecked.
        record AlreadyExists() implements Grounds {}

        /// Annotations of ours cannot be read.
        ///
        /// @param annotations never empty
        record Misread(List<Unreadable> annotations) implements Grounds {
            public Misread {
                annotations = List.copyOf(annotations);
                if (annotations.isEmpty()) {
                    throw new IllegalArgumentException("nothing misread");
                }
            }
        }
    }

    default List<Finding> withSeverity(Severity severity) {
        return findings().stream()
                .filter(weighed -> weighed.severity() == severity)
                .map(Weighed::finding)
                .toList();
    }
}
