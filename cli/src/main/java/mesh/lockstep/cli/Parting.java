package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import mesh.lockstep.cli.Copies.Variant;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.PeerView.Holds;

/// Where the copies of a policy part.
///
/// @param parts one for each version but the first, beside one from which it must not differ
record Parting(Copies copies, List<Part> parts) {

    /// Nobody reads more.
    private static final int MAX_PARTS = 10;

    private static final int MAX_CAUSE = 200;
    private static final int MAX_NAMED = 10;

    /// @param policies what each member holds
    static Parting of(Copies copies, Map<ClusterName, Policy> policies) {
        var parts = new ArrayList<Part>();
        var variants = copies.variants();
        for (int i = 1; i < variants.size() && parts.size() < MAX_PARTS; i++) {
            var theirs = variants.get(i).holders().getFirst();
            differing(variants.subList(0, i), theirs)
                    .ifPresent(ours -> parts.add(part(ours, theirs, policies)));
        }
        return new Parting(copies, parts);
    }

    private static Part part(Holds ours, Holds theirs, Map<ClusterName, Policy> policies) {
        return Part.of(
                ours.peer().value(),
                Objects.requireNonNull(policies.get(ours.peer())),
                theirs.peer().value(),
                Objects.requireNonNull(policies.get(theirs.peer())));
    }

    private static Optional<Holds> differing(List<Variant> others, Holds theirs) {
        return others.stream()
                .map(variant -> variant.holders().getFirst())
                .filter(holds -> isDifference(holds, theirs) || isDifference(theirs, holds))
                .findFirst();
    }

    private static boolean isDifference(PeerView ours, PeerView theirs) {
        return Copies.between(ours, theirs).filter(Standing.DIFFERS::equals).isPresent();
    }

    void print(Terminal terminal) {
        var standing = copies.standing();
        terminal.colored(
                terminal.in(standing.look(), standing.word()) + "   " + title(copies.key()));
        lines().forEach(terminal::line);
    }

    /// Who has what, and where that parts.
    List<String> lines() {
        var lines = new ArrayList<String>();
        var words = MemberWords.of(copies);
        for (var variant : copies.variants()) {
            var holders =
                    variant.holders().stream()
                            .map(
                                    holds ->
                                            holds.peer()
                                                    + words.of(holds)
                                                            .substring(variant.letter().length()))
                            .toList();
            lines.add("  " + variant.letter() + ": " + Names.first(holders, ", ", MAX_NAMED));
        }
        if (!copies.missing().isEmpty()) {
            lines.add(
                    "  missing in: "
                            + copies.missing().stream()
                                    .map(lacks -> lacks.peer().value())
                                    .collect(Collectors.joining(", ")));
        }
        copies.unknown()
                .forEach(
                        unknown ->
                                lines.add(
                                        "  not compared: %s: %s"
                                                .formatted(
                                                        unknown.peer(),
                                                        Clean.line(unknown.cause(), MAX_CAUSE))));
        parts.forEach(part -> part.lines().forEach(line -> lines.add("  " + line)));
        return lines;
    }

    /// A policy's name with its kind, as the first line of a refusal has it.
    static String title(PolicyKey key) {
        return key.kind().kindName() + " " + Clean.line(key.qualifiedName(), MAX_CAUSE);
    }

    ObjectNode json(ObjectNode json) {
        SurveyJson.copies(copies, json);
        var differences = json.putArray("differences");
        parts.forEach(part -> part.json(differences.addObject()));
        return json;
    }
}
