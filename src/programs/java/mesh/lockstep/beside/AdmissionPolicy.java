package mesh.lockstep.beside;

import mesh.lockstep.support.Yaml;

/// A ValidatingAdmissionPolicy, for which the API server itself compares.
final class AdmissionPolicy {

    private AdmissionPolicy() {}

    /// From now on, soon, changes in a namespace are judged by it.
    static void furnish(Stage stage, String namespace) {
        stage.apply("admission-policy.yaml");
        for (var peer : Stage.PEERS) {
            for (int i = 0; i < Stage.POLICIES; i++) {
                bind(stage, namespace, peer, Version.name(i));
            }
        }
    }

    private static void bind(Stage stage, String namespace, String peer, String policy) {
        var binding =
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s-%2$s}
                spec:
                  policyName: same-as-in-peers
                  validationActions: [Deny]
                  paramRef: {name: %1$s, namespace: %2$s, parameterNotFoundAction: Allow}
                  matchResources:
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %3$s}}
                    resourceRules:
                      - apiGroups: [cilium.io]
                        apiVersions: [v2]
                        operations: [CREATE, UPDATE]
                        resources: [ciliumnetworkpolicies]
                        resourceNames: [%1$s]
                """
                        .formatted(policy, peer, namespace);
        stage.put(
                "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/%s-%s"
                        .formatted(policy, peer),
                Yaml.read(binding));
    }
}
