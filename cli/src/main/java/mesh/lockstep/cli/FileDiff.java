package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.cli.Meeting.Absent;
import mesh.lockstep.cli.Prospect.Fate;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Level;

/// Where files would differ from what each cluster holds, and what its webhook would say.
record FileDiff(List<OfOne> policies, List<Absent> absent) implements Result {

    private static final int MAX_SOURCE = 200;

    FileDiff {
        policies = List.copyOf(policies);
        absent = List.copyOf(absent);
    }

    /// What would become of one policy, in each cluster.
    ///
    /// @param spot where the file has it
    record OfOne(String source, PolicyKey key, Spot spot, List<Prospect> prospects) {
        OfOne {
            prospects = List.copyOf(prospects);
        }
    }

    /// One policy after the other: no more than the copies of one are in memory.
    ///
    /// @throws Unusable if no cluster can be read
    static FileDiff of(List<Manifest> manifests, Meeting meeting, Level level) throws Unusable {
        var policies = new ArrayList<OfOne>();
        for (var manifest : manifests) {
            var holdings = Holding.of(manifest.key(), meeting.members());
            var forecast = new Forecast(manifest, holdings, meeting.absent(), level);
            policies.add(
                    new OfOne(
                            manifest.source(),
                            manifest.key(),
                            manifest.spot(),
                            forecast.prospects()));
        }
        var diff = new FileDiff(policies, meeting.absent());
        if (diff.prospects().allMatch(prospect -> prospect.fate() == Fate.UNKNOWN)) {
            throw new Unusable(
                    "nothing to compare: "
                            + diff.prospects()
                                    .map(prospect -> prospect.cluster() + ": " + prospect.said())
                                    .distinct()
                                    .collect(Collectors.joining("; ")));
        }
        return diff;
    }

    @Override
    public boolean differs() {
        return prospects().anyMatch(prospect -> prospect.fate().isDifference());
    }

    @Override
    public boolean isComplete() {
        return absent.isEmpty()
                && prospects().noneMatch(prospect -> prospect.fate() == Fate.UNKNOWN);
    }

    private Stream<Prospect> prospects() {
        return policies.stream().flatMap(policy -> policy.prospects().stream());
    }

    @Override
    public void print(Terminal terminal) {
        for (var policy : policies) {
            terminal.line(
                    Parting.title(policy.key())
                            + ", from "
                            + Clean.line(policy.source(), MAX_SOURCE));
            policy.prospects().forEach(prospect -> prospect.print(terminal));
        }
    }

    @Override
    public JsonNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        SurveyJson.notCompared(absent, json.putArray("notCompared"));
        var all = json.putArray("policies");
        for (var policy : policies) {
            var entry =
                    SurveyJson.key(policy.key(), all.addObject()).put("source", policy.source());
            var clusters = entry.putArray("clusters");
            policy.prospects().forEach(prospect -> prospect.json(clusters.addObject()));
        }
        return json;
    }

    @Override
    public Report report() {
        var counts = new EnumMap<Fate, Integer>(Fate.class);
        prospects().forEach(prospect -> counts.merge(prospect.fate(), 1, Integer::sum));
        var parts = new ArrayList<String>();
        counts.forEach((fate, count) -> parts.add(count + " " + fate.words()));
        return new Report(
                policies.stream().map(Entries::of).toList(),
                List.of(),
                absent,
                List.of(),
                "%s, in all clusters together: %s"
                        .formatted(
                                SurveyText.counted(policies.size(), "policy", "policies"),
                                String.join(", ", parts)));
    }
}
