package mesh.lockstep.drift;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mesh.lockstep.apiserver.OwnApi;
import mesh.lockstep.apiserver.OwnApi.Reply;
import mesh.lockstep.apiserver.OwnApis;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.State;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Yaml;

/// The reports of `bad/reports.yaml`: as written in `report`, or a good one, spoiled.
final class BadReports {

    private static final Instant FIRST_SEEN = Instant.parse("2026-05-01T12:00:00Z");

    /// When they are read.
    static final Instant NOW = FIRST_SEEN.plusSeconds(3600);

    private BadReports() {}

    static byte[] report(BadInput input) {
        if (input.tree().has("report")) {
            return BadInput.bytes(input.tree().path("report"), text -> text);
        }
        var report = good();
        for (var change : input.tree().path("set").properties()) {
            set(report, JsonPointer.compile(change.getKey()), change.getValue());
        }
        for (var gone : input.tree().path("without")) {
            var place = JsonPointer.compile(gone.textValue());
            ((ObjectNode) report.at(place.head())).remove(place.last().getMatchingProperty());
        }
        return Yaml.json(report);
    }

    private static void set(JsonNode report, JsonPointer place, JsonNode value) {
        ((ObjectNode) report.at(place.head())).set(place.last().getMatchingProperty(), value);
    }

    /// The state of `default/web`.
    static Condition condition(State state) {
        var west = new Relation(state, Optional.of(FIRST_SEEN), "");
        return Condition.of(
                new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "web"),
                Optional.empty(),
                new TreeMap<>(Map.of(new ClusterName("west"), west)));
    }

    private static ObjectNode good() {
        var condition = condition(State.DIVERGED);
        var report =
                Report.of(
                        condition,
                        ReportForm.OPEN_REPORTS,
                        Optional.of("uid"),
                        new Discretion(true));
        report.withArray("/metadata/managedFields")
                .addObject()
                .put("manager", OwnApi.MANAGER)
                .put("operation", "Apply");
        return report;
    }

    /// A list with that one report.
    static byte[] list(byte[] report) {
        var list = new ByteArrayOutputStream();
        list.writeBytes("{\"metadata\":{},\"items\":[".getBytes(UTF_8));
        list.writeBytes(report);
        list.writeBytes("]}".getBytes(UTF_8));
        return list.toByteArray();
    }

    /// Reads what an API server lists.
    ///
    /// @param stored takes in what can be read
    /// @return an answer that was none; empty if all was read
    static Optional<Reply> read(StoredReports stored, byte[] report, int piece) {
        try {
            return stored.read(
                    OwnApis.answering(piece, list(report)), ReportForm.OPEN_REPORTS, () -> {});
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
