package mesh.lockstep.policy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The clusters a policy is meant for: the annotation `lockstep.mesh/members`.
public sealed interface Members {

    /// What may be written, for messages.
    String ALLOWED = "all, local, or at most 511 cluster names separated by commas";

    /// Clusters of a mesh (`maxConnectedClusters` of Cilium).
    int MOST = 511;

    /// Every member: the default.
    record All() implements Members {
        @Override
        public String toString() {
            return "all";
        }
    }

    /// Only the cluster that holds it.
    record Local() implements Members {
        @Override
        public String toString() {
            return "local";
        }
    }

    /// Only these clusters.
    record Only(SortedSet<ClusterName> clusters) implements Members {
        public Only {
            clusters = Collections.unmodifiableSortedSet(new TreeSet<>(clusters));
        }

        @Override
        public String toString() {
            return clusters.stream().map(ClusterName::value).collect(Collectors.joining(","));
        }
    }

    /// Reads an annotation's value; empty if it is not one of the allowed values.
    static Optional<Members> parse(String text) {
        return switch (text.strip()) {
            case "all" -> Optional.of(new All());
            case "local" -> Optional.of(new Local());
            default -> {
                var names = Arrays.stream(text.split(",", MOST + 1)).map(String::strip).toList();
                yield names.size() <= MOST && names.stream().allMatch(ClusterName::isValid)
                        ? Optional.of(only(names))
                        : Optional.empty();
            }
        };
    }

    private static Members only(List<String> names) {
        return new Only(
                names.stream()
                        .map(ClusterName::new)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /// Whether a policy that one cluster holds is also meant for another one.
    default boolean share(ClusterName holder, ClusterName other) {
        return switch (this) {
            case All _ -> true;
            case Local _ -> holder.equals(other);
            case Only(var clusters) -> clusters.contains(other);
        };
    }
}
