package mesh.lockstep.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mesh.lockstep.apiserver.Answer;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.cli.Introductions.Hidden;
import mesh.lockstep.cli.Introductions.Known;
import mesh.lockstep.policy.PolicyKey.Kind;

/// Checks Lockstep in a cluster that answers.
final class Checkup {

    private static final String DEPLOYMENT =
            "apis/apps/v1/namespaces/" + Introductions.NAMESPACE + "/deployments/lockstep";

    private final Cluster cluster;
    private final String context;
    private final List<Cluster> all;
    private final Map<Check, Outcome> outcomes = new EnumMap<>(Check.class);

    /// @param all clusters that are looked at, this one among them
    Checkup(Cluster cluster, List<Cluster> all) {
        this.cluster = cluster;
        this.context = Quoted.of(cluster.context());
        this.all = all;
    }

    Health health() throws InterruptedException {
        outcomes.put(Check.ANSWERS, new Outcome.Good());
        outcomes.put(Check.KINDS, kinds());
        outcomes.put(Check.PODS, pods());
        var certificates = Certificates.of(cluster);
        outcomes.put(Check.CERTIFICATE, certificates.certificate());
        outcomes.put(Check.BUNDLE, certificates.bundle());
        var probe = new Probe(cluster);
        outcomes.put(
                Check.JUDGED,
                outcomes.get(Check.KINDS) instanceof Outcome.Good
                        ? probe.judged()
                        : new Outcome.Unchecked());
        return switch (Introductions.read(cluster.api())) {
            case Hidden hidden -> {
                outcomes.put(Check.INTRODUCED, hidden.outcome());
                outcomes.put(Check.CREDENTIALS, hidden.outcome());
                outcomes.put(Check.COMPARED, new Outcome.Unchecked());
                yield new Health(cluster.context(), outcomes, new TreeMap<>(), List.of());
            }
            case Known(var files) -> {
                var peers = new PeersCheckup(cluster, files, all, Instant.now());
                outcomes.put(Check.INTRODUCED, peers.introduced());
                outcomes.put(Check.CREDENTIALS, peers.credentials());
                outcomes.put(Check.COMPARED, probe.compared(files.size()));
                yield new Health(cluster.context(), outcomes, peers.ends(), peers.notes());
            }
        };
    }

    /// By what the API server offers, which everybody may read who has an account there.
    private Outcome kinds() throws InterruptedException {
        var missing = new ArrayList<String>();
        for (var kind : Kind.values()) {
            var answer = cluster.api().get("apis/" + kind.apiVersion());
            if (!(answer instanceof Given) && !Outcome.isAbsent(answer)) {
                return Outcome.unread(answer, "get", kind.apiVersion());
            }
            if (!offered(answer).contains(kind.plural())) {
                missing.add(kind.plural());
            }
        }
        return missing.isEmpty()
                ? new Outcome.Good()
                : new Outcome.Wrong(
                        "its API server does not know " + String.join(", ", missing),
                        "install Cilium first");
    }

    private static Set<String> offered(Answer answer) {
        var names = new HashSet<String>();
        if (answer instanceof Given(var list, _)) {
            list.path("resources").forEach(node -> names.add(node.path("name").asText()));
        }
        return names;
    }

    private Outcome pods() throws InterruptedException {
        var answer = cluster.api().get(DEPLOYMENT);
        if (Outcome.isAbsent(answer)) {
            return new Outcome.Wrong(
                    "there is no Deployment", "kubectl --context " + context + " apply -k k8s");
        }
        if (!(answer instanceof Given(var deployment, _))) {
            return Outcome.unread(answer, "get", "deployments");
        }
        var wanted = deployment.at("/spec/replicas").asInt();
        var ready = deployment.at("/status/readyReplicas").asInt();
        return ready >= wanted
                ? new Outcome.Good()
                : new Outcome.Wrong(
                        "%d of %d".formatted(ready, wanted),
                        "kubectl --context %s --namespace lockstep describe pods, and look at their logs"
                                .formatted(context));
    }
}
