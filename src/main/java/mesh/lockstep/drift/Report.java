package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Relation;
import mesh.lockstep.rollout.Sentence;
import mesh.lockstep.rollout.State;

/// A policy's condition, as an object of the API: a result for each peer. It is also where the
/// times outlive a restart.
final class Report {

    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String LOCKSTEP = "lockstep";

    static final String PEER = "peer";
    static final String STATE = "state";

    private Report() {}

    /// A report to be applied.
    ///
    /// @param discretion what it may tell of what policies say
    /// @param uid of the policy here; empty if it is not here
    static ObjectNode of(
            Condition condition, ReportForm form, Optional<String> uid, Discretion discretion) {
        var report = JsonNodeFactory.instance.objectNode();
        var key = condition.key();
        report.put("apiVersion", form.apiVersion()).put("kind", form.kind(key));
        var metadata = report.putObject("metadata").put("name", ReportForm.name(key));
        metadata.putObject("labels").put(MANAGED_BY, LOCKSTEP);
        if (key.kind().namespaced()) {
            metadata.put("namespace", key.namespace());
        }
        uid.ifPresent(
                text ->
                        refer(metadata.putArray("ownerReferences").addObject(), key)
                                .put("uid", text));
        var scope = refer(report.putObject("scope"), key);
        if (key.kind().namespaced()) {
            scope.put("namespace", key.namespace());
        }
        uid.ifPresent(text -> scope.put("uid", text));
        summarize(condition, report.putObject("summary"));
        var results = report.putArray("results");
        condition
                .relations()
                .forEach((peer, relation) -> result(peer, relation, results.addObject()));
        condition
                .objections()
                .forEach(
                        (member, objections) -> {
                            for (var objection : objections) {
                                var sentence = Sentence.of(member, objection, discretion);
                                result(member, sentence, results.addObject());
                            }
                        });
        return report;
    }

    private static void result(ClusterName member, String objection, ObjectNode result) {
        result.put("source", LOCKSTEP)
                .put("policy", "enforced-by-cilium")
                .put("rule", member.value())
                .put("result", Outcome.FAIL.word())
                .put("message", objection);
    }

    private static ObjectNode refer(ObjectNode reference, PolicyKey key) {
        return reference
                .put("apiVersion", key.kind().apiVersion())
                .put("kind", key.kind().kindName())
                .put("name", key.name());
    }

    private static void summarize(Condition condition, ObjectNode summary) {
        for (var outcome : Outcome.values()) {
            summary.put(outcome.word(), 0);
        }
        condition
                .relations()
                .values()
                .forEach(relation -> count(Outcome.of(relation.state()), 1, summary));
        condition.objections().values().forEach(list -> count(Outcome.FAIL, list.size(), summary));
    }

    private static void count(Outcome outcome, int more, ObjectNode summary) {
        var word = outcome.word();
        summary.put(word, summary.path(word).asInt() + more);
    }

    private static void result(ClusterName peer, Relation relation, ObjectNode result) {
        result.put("source", LOCKSTEP)
                .put("policy", "same-in-every-member")
                .put("rule", peer.value())
                .put("result", Outcome.of(relation.state()).word())
                .put("message", Sentence.of(peer, relation));
        result.putObject("properties").put(PEER, peer.value()).put(STATE, relation.state().word());
        if (relation.firstSeen().isPresent()) {
            result.putObject("timestamp")
                    .put("seconds", relation.firstSeen().get().getEpochSecond())
                    .put("nanos", 0);
        }
    }

    /// The words of the report's schema.
    private enum Outcome {
        PASS,
        FAIL,
        WARN,
        ERROR,
        SKIP;

        static Outcome of(State state) {
            return switch (state) {
                case DIVERGED, MISSING_HERE, MISSING_THERE -> FAIL;
                case ROLLING_OUT -> WARN;
                case UNKNOWN -> ERROR;
                case IN_SYNC -> PASS;
                case EXEMPT -> SKIP;
            };
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
