package mesh.lockstep.drift;

import mesh.lockstep.policy.PolicyKey;

/// The kinds of report that tools for policies show, the better first.
enum ReportForm {
    /// https://github.com/openreports/reports-api
    OPEN_REPORTS("openreports.io/v1alpha1", "Report", "reports"),
    /// The reports of Kubernetes' policy working group, which OpenReports follows.
    POLICY_REPORTS("wgpolicyk8s.io/v1alpha2", "PolicyReport", "policyreports");

    private static final int MAX_NAME = 253;

    private final String apiVersion;
    private final String kind;
    private final String plural;

    ReportForm(String apiVersion, String kind, String plural) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
    }

    String apiVersion() {
        return apiVersion;
    }

    /// Where the API server says whether it has this form.
    String group() {
        return "/apis/" + apiVersion;
    }

    /// The kind of the report about a policy: clusterwide if the policy is.
    String kind(PolicyKey policy) {
        return policy.kind().namespaced() ? kind : kindOfCluster();
    }

    String kindOfCluster() {
        return "Cluster" + kind;
    }

    /// All of them, in all namespaces; or all clusterwide ones.
    String collection(boolean namespaced) {
        return group() + "/" + (namespaced ? plural : "cluster" + plural);
    }

    String path(PolicyKey policy) {
        var folder =
                policy.kind().namespaced()
                        ? "/namespaces/" + PolicyKey.encoded(policy.namespace()) + "/" + plural
                        : "/cluster" + plural;
        return group() + folder + "/" + PolicyKey.encoded(name(policy));
    }

    /// The kind of the report about settings.
    String settingsPath() {
        return collection(false) + "/" + SettingsReport.NAME;
    }

    /// The same in every replica.
    static String name(PolicyKey policy) {
        var name = "lockstep-" + policy.name();
        return name.length() <= MAX_NAME
                ? name
                : name.substring(0, MAX_NAME - 17) + "-" + Hash.of(name);
    }
}
