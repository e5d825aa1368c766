package mesh.lockstep;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import mesh.lockstep.admission.AdmissionReader;
import mesh.lockstep.admission.AdmissionWriter;
import mesh.lockstep.admission.DecisionLog;
import mesh.lockstep.admission.EnforcementConfig;
import mesh.lockstep.admission.WebhookConfig;
import mesh.lockstep.admission.Wording;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Referee;

/// Makes the objects that know no framework, and joins the rooms.
@ApplicationScoped
public class Wiring {

    @Singleton
    PolicyReader policyReader() {
        return new PolicyReader();
    }

    @Singleton
    Referee referee(Peers peers, EnforcementConfig config) {
        return new Referee(peers, config.enforcement());
    }

    @Singleton
    AdmissionReader admissionReader(PolicyReader policies) {
        return new AdmissionReader(policies);
    }

    @Singleton
    AdmissionWriter admissionWriter(WebhookConfig config) {
        return new AdmissionWriter(new Wording(config.disclose()));
    }

    @Singleton
    DecisionLog decisionLog(MeterRegistry metrics) {
        return new DecisionLog(metrics);
    }
}
