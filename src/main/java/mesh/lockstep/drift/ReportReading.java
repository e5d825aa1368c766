package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;

/// Reads a [Report] back. Anyone who may write reports may write one that looks like ours: it is
/// trusted only for plausible times, and only about the policy next to it.
final class ReportReading {

    /// Cilium connects at most 511 clusters (`max-connected-clusters`).
    private static final int MAX_RESULTS = 511;

    /// Nothing is older.
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    private ReportReading() {}

    /// What a report says; empty if it is not one of ours.
    ///
    /// @param now what is later was not seen
    static Optional<Condition> read(JsonNode report, Instant now) {
        return key(report)
                .filter(_ -> isApplied(report))
                .map(key -> Condition.of(key, Optional.empty(), relations(report, now)));
    }

    private static SortedMap<ClusterName, Relation> relations(JsonNode report, Instant now) {
        var relations = new TreeMap<ClusterName, Relation>();
        report.path("results")
                .valueStream()
                .limit(MAX_RESULTS)
                .forEach(
                        result -> {
                            var peer = result.path("properties").path(Report.PEER).asText();
                            state(result)
                                    .filter(_ -> ClusterName.isValid(peer))
                                    .map(state -> new Relation(state, firstSeen(result, now), ""))
                                    .ifPresent(
                                            relation ->
                                                    relations.put(new ClusterName(peer), relation));
                        });
        return relations;
    }

    /// Whether we have applied it, and nobody has only copied its labels.
    private static boolean isApplied(JsonNode report) {
        return report.path("metadata")
                .path("managedFields")
                .valueStream()
                .filter(entry -> entry.path("operation").asText().equals("Apply"))
                .anyMatch(entry -> entry.path("manager").asText().equals(OwnApi.MANAGER));
    }

    /// The policy that it is about, if it has the name, and is in the place, of a report of ours.
    static Optional<PolicyKey> key(JsonNode report) {
        var metadata = report.path("metadata");
        return about(report.path("scope"))
                .filter(key -> ReportForm.name(key).equals(metadata.path("name").asText()))
                .filter(key -> key.namespace().equals(metadata.path("namespace").asText()));
    }

    private static Optional<PolicyKey> about(JsonNode scope) {
        return PolicyKey.of(
                scope.path("kind").asText(),
                scope.path("namespace").asText(),
                scope.path("name").asText());
    }

    private static Optional<State> state(JsonNode result) {
        var word = result.path("properties").path(Report.STATE).asText();
        return Arrays.stream(State.values()).filter(state -> state.word().equals(word)).findFirst();
    }

    private static Optional<Instant> firstSeen(JsonNode result, Instant now) {
        var seconds = result.path("timestamp").path("seconds");
        return Optional.of(seconds)
                .filter(JsonNode::canConvertToLong)
                .map(JsonNode::asLong)
                .filter(
                        second ->
                                EARLIEST.getEpochSecond() <= second
                                        && second <= now.getEpochSecond())
                .map(Instant::ofEpochSecond);
    }
}
