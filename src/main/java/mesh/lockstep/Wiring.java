package mesh.lockstep;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Set;
import mesh.lockstep.admission.AdmissionReader;
import mesh.lockstep.admission.AdmissionWriter;
import mesh.lockstep.admission.DecisionLog;
import mesh.lockstep.admission.Disclosure;
import mesh.lockstep.admission.EnforcementConfig;
import mesh.lockstep.admission.Postponement;
import mesh.lockstep.admission.WebhookConfig;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.history.Installation;
import mesh.lockstep.peers.OwnCluster;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;

/// Makes the objects that know no framework, and joins the rooms.
@Singleton
public class Wiring {

    @Singleton
    Scope scope(Namespaces namespaces, WebhookConfig webhook) {
        return new Scope(namespaces, Set.of("kube-system", webhook.namespace()));
    }

    @Singleton
    Referee referee(Peers peers, Histories histories, Scope scope, EnforcementConfig config) {
        return new Referee(peers, histories, scope, config.enforcement());
    }

    @Singleton
    AdmissionReader admissionReader(OwnCluster own) {
        return new AdmissionReader(own::reader);
    }

    @Singleton
    AdmissionWriter admissionWriter(WebhookConfig config) {
        return new AdmissionWriter(new Wording(config.disclosure()));
    }

    @Singleton
    Postponement postponement(
            AdmissionReader reader, AdmissionWriter writer, Scope scope, EnforcementConfig config) {
        return new Postponement(reader, writer, scope, config.enforcement());
    }

    @Singleton
    Discretion discretion(WebhookConfig config) {
        return new Discretion(config.disclosure() == Disclosure.VALUES);
    }

    @Singleton
    Installation installation(WebhookConfig config) {
        return new Installation(config.namespace());
    }

    @Singleton
    DecisionLog decisionLog(MeterRegistry metrics) {
        return new DecisionLog(metrics);
    }
}
