package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mesh.lockstep.cli.Turn.Became;
import mesh.lockstep.policy.Clean;

/// What became, or would become, of policies that are applied to some clusters.
///
/// @param real whether they were applied, or only asked for
record Applied(boolean real, List<OfOne> policies) {

    private static final int MAX_SOURCE = 200;

    Applied {
        policies = List.copyOf(policies);
    }

    /// What became of one policy.
    ///
    /// @param turns one of each cluster, in their order
    record OfOne(Manifest manifest, List<Turn> turns) {
        OfOne {
            turns = List.copyOf(turns);
        }

        /// The clusters of which that became.
        List<Turn> with(Became became) {
            return turns.stream().filter(turn -> turn.became() == became).toList();
        }
    }

    /// Everything that was, or would be, done is good.
    boolean isGood() {
        return turns().allMatch(turn -> turn.became().isGood());
    }

    int exitCode() {
        if (has(Became.FAILED)) {
            return ExitCode.ERROR;
        }
        return isGood() ? ExitCode.SAME : ExitCode.DIFFERENT;
    }

    private boolean has(Became became) {
        return turns().anyMatch(turn -> turn.became() == became);
    }

    private Stream<Turn> turns() {
        return policies.stream().flatMap(policy -> policy.turns().stream());
    }

    /// What was said in each cluster, each once.
    void warn(Terminal terminal) {
        turns().flatMap(Applied::warnings)
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .forEach(terminal::note);
    }

    static Stream<String> warnings(Turn turn) {
        return turn.warnings().stream().map(warning -> turn.cluster() + ": Warning: " + warning);
    }

    void print(Terminal terminal) {
        for (var policy : policies) {
            terminal.line(title(policy.manifest()));
            for (int i = 0; i < policy.turns().size(); i++) {
                lines(policy.turns().get(i), i, policy.turns().size(), real)
                        .forEach(terminal::line);
            }
        }
        terminal.line(summary());
    }

    static String title(Manifest manifest) {
        return Parting.title(manifest.key())
                + ", from "
                + Clean.line(manifest.source(), MAX_SOURCE);
    }

    /// `2 of 3: cluster2: changed`, and why.
    static List<String> lines(Turn turn, int index, int all, boolean real) {
        var lines = new ArrayList<String>();
        lines.add("  " + count(turn.cluster() + ": " + turn.became().words(real), index, all));
        turn.said().lines().forEach(line -> lines.add("    " + line));
        return lines;
    }

    static String count(String text, int index, int all) {
        return "%d of %d: %s".formatted(index + 1, all, text);
    }

    String summary() {
        var counts = new EnumMap<Became, Integer>(Became.class);
        turns().forEach(turn -> counts.merge(turn.became(), 1, Integer::sum));
        var clusters = policies.getFirst().turns().size();
        return "%s, %s: %s"
                .formatted(
                        SurveyText.counted(policies.size(), "policy", "policies"),
                        SurveyText.counted(clusters, "cluster", "clusters"),
                        counts.entrySet().stream()
                                .map(entry -> entry.getValue() + " " + entry.getKey().words(real))
                                .collect(Collectors.joining(", ")));
    }

    ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode().put("applied", real);
        var all = json.putArray("policies");
        for (var policy : policies) {
            var manifest = policy.manifest();
            var entry =
                    SurveyJson.key(manifest.key(), all.addObject())
                            .put("source", manifest.source());
            var clusters = entry.putArray("clusters");
            policy.turns().forEach(turn -> turn.json(clusters.addObject()));
        }
        return json;
    }
}
