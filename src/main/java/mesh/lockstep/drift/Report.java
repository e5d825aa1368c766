package mesh.lockstep.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Condition;
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
    /// @param uid of the policy here; empty if it is not here
    static ObjectNode of(Condition condition, ReportForm form, Optional<String> uid) {
        var report = JsonNodeFactory.instance.objectNode();
        var key = condition.key();
        report.put("apiVersion", form.apiVersion()).put("kind", form.kind(key));
        var metadata = report.putObject("metadata").put("name", ReportForm.name(key));
        metadata.putObject("labels").put(MANAGED_BY, LOCKSTEP);
        if (key.kind().namespaced()) {
            metadata.put("namespace", key.namespace());
        }
        uid.ifPresent(
                it -> refer(metadata.putArray("ownerReferences").addObject(), key).put("uid", it));
        var scope = refer(report.putObject("scope"), key);
        if (key.kind().namespaced()) {
            scope.put("namespace", key.namespace());
        }
        uid.ifPresent(it -> scope.put("uid", it));
        summarize(condition, report.putObject("summary"));
        var results = report.putArray("results");
        condition
                .relations()
                .forEach((peer, relation) -> result(peer, relation, results.addObject()));
        return report;
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
                .forEach(
                        it -> {
                            var word = Outcome.of(it.state()).word();
                            summary.put(word, summary.path(word).asInt() + 1);
                        });
    }

    private static void result(ClusterName peer, Relation relation, ObjectNode result) {
        result.put("source", LOCKSTEP)
                .put("policy", "same-in-every-member")
                .put("rule", peer.value())
                .put("result", Outcome.of(relation.state()).word())
                .put("message", Sentence.of(peer, relation));
        result.putObject("properties").put(PEER, peer.value()).put(STATE, relation.state().word());
        relation.firstSeen()
                .ifPresent(
                        it ->
                                result.putObject("timestamp")
                                        .put("seconds", it.getEpochSecond())
                                        .put("nanos", 0));
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
