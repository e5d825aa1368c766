package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.regex.Pattern;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Lost;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.apiserver.Cause;
import mesh.lockstep.policy.PolicyKey.Kind;

/// A policy that nobody has and that applies to nobody, sent as a dry run: what the webhook says of
/// it shows whether it judges, and with whom it compares. Nothing is changed.
final class Probe {

    static final String NAME = "lockstep-verify";

    /// By which an API server calls the webhook.
    static final String WEBHOOK = "policies.lockstep.mesh";

    private static final Kind KIND = Kind.CILIUM_CLUSTERWIDE_NETWORK_POLICY;
    private static final String METRIC = "apiserver_admission_webhook_request_total{";

    /// As `Warnings` and `Wording` say it; of whatever release the webhook is.
    static final String BRACKETS = "\\[[A-Z][A-Za-z]+]";

    private static final Pattern FINDING = Pattern.compile(NAME + ".*" + BRACKETS);

    private static final Pattern UNKNOWN =
            Pattern.compile(NAME + ": not compared with (.*) \\[Unknown]");
    private static final Pattern MISSING =
            Pattern.compile(NAME + ": (\\d+) members? do(?:es)? not have it: ");
    private static final String FAILED = "failed calling webhook";
    private static final String DOWN =
            "check the path from the API server to the pods: docs/operations.md, The webhook is down";

    private final Cluster cluster;
    private String said = "";

    Probe(Cluster cluster) {
        this.cluster = cluster;
    }

    Outcome judged() throws InterruptedException {
        var before = send();
        if (!(before instanceof Outcome.Good) || isJudged()) {
            return before;
        }
        return countedAnswers();
    }

    /// Sends it; good if it was admitted or judged.
    private Outcome send() throws InterruptedException {
        var reply = cluster.api().create(KIND.path() + "?dryRun=All", policy());
        var message =
                reply.answer() instanceof Rejected rejected
                        ? rejected.status().path("message").asText()
                        : "";
        said = String.join("\n", reply.warnings()) + "\n" + message;
        if (said.contains(FAILED)) {
            var cause = said.substring(said.indexOf(FAILED) + FAILED.length()).strip();
            return new Outcome.Wrong(cause.lines().findFirst().orElse(""), DOWN);
        }
        if (isJudged()) {
            return new Outcome.Good();
        }
        return switch (reply.answer()) {
            case Given _ -> new Outcome.Good();
            case Rejected rejected when Cluster.isForbidden(rejected) ->
                    new Outcome.Unread("not known: " + Cause.of(rejected, "create", KIND.plural()));
            case Rejected rejected ->
                    new Outcome.Wrong(Cause.of(rejected, "create", KIND.plural()), DOWN);
            case Lost(var cause) -> new Outcome.Wrong(cause, DOWN);
        };
    }

    private boolean isJudged() {
        return FINDING.matcher(said).find();
    }

    /// At level audit, and without a peer, the webhook says nothing: then the API server's own
    /// count tells whether it got an answer.
    private Outcome countedAnswers() throws InterruptedException {
        var before = answers();
        if (before.isEmpty()) {
            return new Outcome.Unread(
                    "not known: the webhook said nothing, and /metrics may not be read");
        }
        var sent = send();
        return sent instanceof Outcome.Good && answers().equals(before)
                ? new Outcome.Wrong(
                        "the API server got no answer, and admits policies unchecked", DOWN)
                : sent;
    }

    /// What the API server counts; empty if that may not be read.
    private String answers() throws InterruptedException {
        var metrics = cluster.api().text("metrics");
        var counted = new StringBuilder(metrics.isEmpty() ? "" : "counted");
        metrics.lines()
                .filter(line -> line.startsWith(METRIC))
                .filter(line -> line.contains("name=\"" + WEBHOOK + "\""))
                .filter(line -> line.contains("code=\"200\""))
                .forEach(counted::append);
        return counted.toString();
    }

    /// @param peers how many the webhook should compare with
    Outcome compared(int peers) {
        if (!isJudged() || peers == 0) {
            return new Outcome.Unchecked();
        }
        var unknown = UNKNOWN.matcher(said);
        if (unknown.find()) {
            return new Outcome.Wrong(
                    "not with " + unknown.group(1), "docs/operations.md, A peer is Unknown");
        }
        var missing = MISSING.matcher(said);
        var seen = missing.find() ? Integer.parseInt(missing.group(1)) : 0;
        return seen >= peers
                ? new Outcome.Good()
                : new Outcome.Wrong(
                        "with %d of %d".formatted(seen, peers),
                        "wait two minutes after peers were connected; after that, the pods' log says why");
    }

    private static JsonNode policy() {
        var policy = JsonNodeFactory.instance.objectNode();
        policy.put("apiVersion", KIND.apiVersion()).put("kind", KIND.kindName());
        policy.putObject("metadata").put("name", NAME);
        var spec = policy.putObject("spec");
        spec.putObject("endpointSelector")
                .putObject("matchLabels")
                .put("lockstep.mesh/verify", "nobody");
        spec.putArray("ingress").addObject();
        return policy;
    }
}
