package mesh.lockstep.rollout;

import java.util.List;
import java.util.Optional;
import mesh.lockstep.policy.Difference;

/// Our answer to a change.
public sealed interface Verdict {

    /// All findings, with how they were taken, in the order of the peers' names.
    List<Weighed> findings();

    record Weighed(Finding finding, Severity severity) {}

    record Admitted(List<Weighed> findings) implements Verdict {
        public Admitted {
            findings = List.copyOf(findings);
            if (findings.stream().anyMatch(it -> it.severity() == Severity.DENY)) {
                throw new IllegalArgumentException("a finding that denies, in an admission");
            }
        }
    }

    /// The change is not let through.
    ///
    /// @param witness who confirmed it; empty only where not knowing is configured to refuse
    record Refused(List<Weighed> findings, Optional<Witness> witness) implements Verdict {
        public Refused {
            findings = List.copyOf(findings);
            if (findings.stream().noneMatch(it -> it.severity() == Severity.DENY)) {
                throw new IllegalArgumentException("a refusal without a reason");
            }
        }
    }

    /// A peer that was read after the request arrived, and showed the conflict.
    ///
    /// @param resourceVersion of the peer's object
    /// @param differences never empty
    record Witness(Finding finding, String resourceVersion, List<Difference> differences) {
        public Witness {
            differences = List.copyOf(differences);
            if (differences.isEmpty()) {
                throw new IllegalArgumentException("a witness of no difference");
            }
        }

        public ClusterName peer() {
            return finding.peer();
        }
    }

    default List<Finding> withSeverity(Severity severity) {
        return findings().stream()
                .filter(it -> it.severity() == severity)
                .map(Weighed::finding)
                .toList();
    }
}
