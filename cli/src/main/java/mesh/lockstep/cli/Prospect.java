package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.cli.Terminal.Look;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Finding;

/// What would become of a file's policy in a cluster, if it were applied there now.
///
/// @param said what a refusal says, or why nothing is known; empty otherwise
/// @param part where the file parts from what the cluster holds; empty if it does not
/// @param warnings of the cluster's webhook
/// @param finding what a refusal is about, or else the first warning; empty if there is neither
record Prospect(
        ClusterName cluster,
        Fate fate,
        String said,
        Optional<Part> part,
        List<String> warnings,
        Optional<Finding> finding) {

    enum Fate {
        /// What is another, if anything, does not count.
        SAME("the same", Look.GREEN),
        CREATED("would be created", Look.YELLOW),
        CHANGED("would change", Look.YELLOW),
        /// By the cluster's webhook.
        REFUSED("would be refused", Look.RED),
        UNKNOWN("not compared", Look.MAGENTA);

        private final String words;
        private final Look look;

        Fate(String words, Look look) {
            this.words = words;
            this.look = look;
        }

        /// Whether the cluster is known not to hold what the file has.
        boolean isDifference() {
            return this != SAME && this != UNKNOWN;
        }

        String words() {
            return words;
        }
    }

    Prospect {
        warnings = List.copyOf(warnings);
    }

    static Prospect unknown(ClusterName cluster, String cause) {
        return new Prospect(
                cluster, Fate.UNKNOWN, cause, Optional.empty(), List.of(), Optional.empty());
    }

    void print(Terminal terminal) {
        terminal.colored("  " + cluster + ": " + terminal.in(fate.look, fate.words));
        details().forEach(terminal::line);
    }

    /// Where they part, and what the webhook would say.
    List<String> details() {
        var lines = new ArrayList<String>();
        part.ifPresent(part -> part.lines().forEach(line -> lines.add("  " + line)));
        said.lines().forEach(line -> lines.add("    " + line));
        warnings.forEach(warning -> lines.add("    Warning: " + warning));
        return lines;
    }

    ObjectNode json(ObjectNode json) {
        json.put("name", cluster.value()).put("outcome", fate.name().toLowerCase(Locale.ROOT));
        part.ifPresent(part -> part.json(json.putObject("differences")));
        if (!said.isEmpty()) {
            json.put("message", said);
        }
        var lines = json.putArray("warnings");
        warnings.forEach(lines::add);
        return json;
    }
}
