package mesh.lockstep.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import mesh.lockstep.policy.Clean;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Finding;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.RequestedChange;
import mesh.lockstep.rollout.Verdict;
import mesh.lockstep.rollout.Verdict.Grounds;
import mesh.lockstep.rollout.Verdict.Grounds.Witness;
import mesh.lockstep.rollout.Verdict.Weighed;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/// One line and one metric for each decision. Names of policies and peers, never what a policy
/// says.
public final class DecisionLog {

    private static final Logger LOG = Logger.getLogger(DecisionLog.class);

    private static final int MAX_NAME = 320;
    private static final int MAX_VERSION = 40;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3)
    };

    private final MeterRegistry metrics;

    /// To look one up in the registry takes longer than to judge a peer.
    private final Map<Series, Counter> findings = new ConcurrentHashMap<>();

    private record Series(String finding, ClusterName peer) {
        static Series of(Finding finding) {
            return new Series(finding.name(), finding.peer());
        }
    }

    public DecisionLog(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /// Notes a decision, once.
    ///
    /// @param took from the request's arrival to the verdict
    public void record(AdmissionRequest request, Judgement judgement, Duration took) {
        count(request, judgement, took);
        request.requested().ifPresent(requested -> log(request, requested, judgement, took));
    }

    /// The word for a verdict in logs, metrics and audit annotations.
    static String decision(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Admitted _ -> "admitted";
            case Verdict.Refused(_, Grounds.AlreadyExists _) -> "exists";
            case Verdict.Refused(_, Grounds.Deferred _) -> "deferred";
            case Verdict.Refused _ -> "refused";
            case Verdict.Overridden _ -> "overridden";
        };
    }

    /// `Differs=cluster2 Missing=cluster3,cluster4`, or `none`.
    static String findings(Verdict verdict) {
        if (verdict.findings().isEmpty()) {
            return "none";
        }
        return verdict.findings().stream()
                .map(Weighed::finding)
                .collect(
                        Collectors.groupingBy(
                                finding -> finding.name(),
                                TreeMap::new,
                                Collectors.mapping(
                                        finding -> finding.peer().value(),
                                        Collectors.joining(","))))
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /// `cluster2 at resourceVersion 1001`: who showed what a change is, or would be, refused for.
    static Optional<String> witness(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Admitted _ -> Optional.empty();
            case Verdict.Refused(_, var grounds) -> witness(grounds);
            case Verdict.Overridden(_, var grounds, _) -> witness(grounds);
        };
    }

    private static Optional<String> witness(Grounds grounds) {
        return grounds instanceof Witness witness
                ? Optional.of(
                        witness.peer()
                                + " at resourceVersion "
                                + Clean.line(witness.resourceVersion(), MAX_VERSION))
                : Optional.empty();
    }

    /// A sentence for people, and its parts as fields for what searches logs.
    private static void log(
            AdmissionRequest request,
            RequestedChange requested,
            Judgement judgement,
            Duration took) {
        var key = requested.change().key();
        var fields =
                Map.of(
                        "decision", decision(judgement.verdict()),
                        "operation", request.operation(),
                        "kind", key.kind().kindName(),
                        "policy", Clean.line(key.qualifiedName(), MAX_NAME),
                        "user", Clean.line(requested.user(), MAX_NAME),
                        "findings", findings(judgement.verdict()));
        fields.forEach(MDC::put);
        try {
            say(request, fields, judgement, took);
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }

    private static void say(
            AdmissionRequest request,
            Map<String, String> fields,
            Judgement judgement,
            Duration took) {
        LOG.infof(
                "%s %s %s %s by %s: findings %s, from %s%s, %d ms%s",
                fields.get("decision"),
                fields.get("operation"),
                fields.get("kind"),
                fields.get("policy"),
                fields.get("user"),
                fields.get("findings"),
                source(judgement),
                witness(judgement.verdict()).map(text -> ", shown by " + text).orElse(""),
                took.toMillis(),
                request.dryRun() ? ", dry run" : "");
    }

    private void count(AdmissionRequest request, Judgement judgement, Duration took) {
        var decision = decision(judgement.verdict());
        Counter.builder("lockstep.admission.requests")
                .description("Admission requests answered")
                .tag("operation", operation(request))
                .tag("kind", kind(request))
                .tag("decision", decision)
                .tag("dry_run", Boolean.toString(request.dryRun()))
                .register(metrics)
                .increment();
        Timer.builder("lockstep.admission.duration")
                .description("Time from a request's arrival to the verdict")
                .tag("decision", decision)
                .tag("source", source(judgement))
                .serviceLevelObjectives(BUCKETS)
                .register(metrics)
                .record(took);
        for (var weighed : judgement.verdict().findings()) {
            findings.computeIfAbsent(Series.of(weighed.finding()), this::counter).increment();
        }
    }

    private Counter counter(Series series) {
        return Counter.builder("lockstep.findings")
                .description("Findings about changes, by peer")
                .tag("finding", series.finding())
                .tag("peer", series.peer().value())
                .register(metrics);
    }

    private static String source(Judgement judgement) {
        return judgement.asked() ? "asked" : "memory";
    }

    /// A closed set of values: whatever a request says, no new time series.
    private static String operation(AdmissionRequest request) {
        return switch (request.operation()) {
            case "CREATE", "UPDATE", "DELETE", "CONNECT" ->
                    request.operation().toLowerCase(Locale.ROOT);
            default -> "other";
        };
    }

    private static String kind(AdmissionRequest request) {
        return request.requested()
                .map(change -> change.change().key())
                .map(PolicyKey::kind)
                .map(PolicyKey.Kind::kindName)
                .orElse("other");
    }
}
