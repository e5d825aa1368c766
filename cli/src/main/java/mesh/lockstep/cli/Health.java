package mesh.lockstep.cli;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How Lockstep does in the cluster of a context.
///
/// @param outcomes of all checks
/// @param ends when the credentials for its peers end, by the peers' names; those that do not say
///   are not there
/// @param notes what is unusual, and may be meant
record Health(
        String context,
        Map<Check, Outcome> outcomes,
        SortedMap<String, Instant> ends,
        List<String> notes) {

    Health {
        outcomes = Map.copyOf(outcomes);
        notes = List.copyOf(notes);
    }

    /// Of a cluster that does not answer.
    static Health none(Cluster.Arrival.NotHere absent) {
        var outcomes = new EnumMap<Check, Outcome>(Check.class);
        for (var check : Check.values()) {
            outcomes.put(check, new Outcome.Unchecked());
        }
        var todo = "is %s right in your kubeconfig?".formatted(absent.context());
        outcomes.put(Check.ANSWERS, new Outcome.Wrong(absent.cause(), todo));
        return new Health(absent.context(), outcomes, new TreeMap<>(), List.of());
    }

    Outcome of(Check check) {
        return outcomes.getOrDefault(check, new Outcome.Unchecked());
    }

    boolean isWrong() {
        return outcomes.values().stream().anyMatch(Outcome.Wrong.class::isInstance);
    }

    boolean isUnread() {
        return outcomes.values().stream().anyMatch(Outcome.Unread.class::isInstance);
    }
}
