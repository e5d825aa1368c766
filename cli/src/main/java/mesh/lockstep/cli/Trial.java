package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.cli.Prospect.Fate;
import mesh.lockstep.cli.Turn.Became;
import mesh.lockstep.rollout.Level;

/// Finds out what would become of a policy that is applied to one cluster after another: each is
/// sent a dry run.
///
/// That is judged as if each cluster were the first, which is the hardest: in its turn it only
/// joins what others have by then. So a refusal stands unless the rules explain it by what the
/// clusters hold now, and lift it once those before have the policy. Where a webhook says nothing,
/// the rules alone judge.
final class Trial {

    private static final String REFUSAL = "admission webhook \"" + Probe.WEBHOOK + "\" denied";

    private final Manifest manifest;
    private final List<Target> targets;
    private final Forecast forecast;
    private final List<Prospect> now;

    private Trial(Manifest manifest, List<Target> targets, Level level) {
        this.manifest = manifest;
        this.targets = targets;
        var holdings = Holding.of(manifest.key(), targets.stream().map(Target::member).toList());
        forecast = new Forecast(manifest, holdings, List.of(), level);
        now = forecast.prospects();
    }

    /// What a cluster holds, and what it says of the file.
    private record Said(Answer held, ApiServer.Reply reply) {}

    /// Asks all of them.
    ///
    /// @param targets in the order in which they have their turns
    /// @param level of the webhooks, where one says nothing
    static List<Turn> of(Manifest manifest, List<Target> targets, Level level) {
        var trial = new Trial(manifest, targets, level);
        var said =
                Few.each(
                        targets,
                        target -> new Said(target.held(manifest.key()), target.tryOut(manifest)));
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < targets.size(); i++) {
            turns.add(trial.turn(i, said.get(i)));
        }
        return turns;
    }

    private Turn turn(int index, Said said) {
        var target = targets.get(index);
        var prospect = now.get(index);
        var warnings = said.reply().warnings();
        if (prospect.fate() == Fate.UNKNOWN) {
            return Turn.failed(target.name(), prospect.said(), warnings);
        }
        if (!(said.held() instanceof Given) && !Outcome.isAbsent(said.held())) {
            var cause = Cause.of(said.held(), "get", manifest.key().kind().plural());
            return Turn.failed(target.name(), cause, warnings);
        }
        if (said.reply().answer() instanceof Given(var outcome, _)) {
            return taken(index, said, outcome);
        }
        var turn = Turn.notTaken(target.name(), manifest.key(), said.reply());
        return isLifted(index, turn)
                ? new Turn(target.name(), became(said), "as soon as those before have it", warnings)
                : turn;
    }

    private boolean isLifted(int index, Turn turn) {
        return turn.became() == Became.REFUSED
                && turn.said().startsWith(REFUSAL)
                && now.get(index).fate() == Fate.REFUSED
                && forecast.after(index).fate() != Fate.REFUSED;
    }

    private Turn taken(int index, Said said, JsonNode outcome) {
        var target = targets.get(index);
        var warnings = said.reply().warnings();
        var read = target.read(manifest.key(), outcome);
        var meant = target.meant(manifest);
        if (read.filter(policy -> Target.isSame(policy, meant)).isEmpty()) {
            var parts =
                    read.map(
                                    policy ->
                                            Part.of("file", meant, target.name().value(), policy)
                                                    .lines())
                            .orElse(List.of());
            return Turn.failed(target.name(), kept(target, parts), warnings);
        }
        if (said.held() instanceof Given(var held, _) && written(held).equals(written(outcome))) {
            return Turn.good(target.name(), Became.UNCHANGED, warnings);
        }
        if (!isJudged(warnings)) {
            var after = forecast.after(index);
            if (after.fate() == Fate.REFUSED) {
                return new Turn(target.name(), Became.REFUSED, after.said(), warnings);
            }
        }
        return Turn.good(target.name(), became(said), warnings);
    }

    private static Became became(Said said) {
        return said.held() instanceof Given ? Became.CHANGED : Became.CREATED;
    }

    /// Server-side apply leaves alone what others wrote and the file does not name.
    private String kept(Target target, List<String> parts) {
        return "it would still hold what others wrote and the file does not have:\n"
                + String.join("\n", parts)
                + "\nTo replace all of it: kubectl --context %s replace -f %s"
                        .formatted(
                                Quoted.of(target.member().context()),
                                Quoted.of(manifest.filename()));
    }

    /// Without who wrote which part of it, and when.
    private static JsonNode written(JsonNode object) {
        var written = object.deepCopy();
        if (written.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return written;
    }

    private boolean isJudged(List<String> warnings) {
        var finding =
                Pattern.compile(
                        Pattern.quote(manifest.key().qualifiedName()) + ": .*" + Probe.BRACKETS);
        return warnings.stream().anyMatch(warning -> finding.matcher(warning).find());
    }
}
