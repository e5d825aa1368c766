package mesh.lockstep.beside;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Ports;
import mesh.lockstep.support.Yaml;

/// Kyverno's admission controller, which judges by either of two policies over the same cache of
/// copies. It runs without its three other controllers, and does not lead: as a leader it would
/// register itself, for all namespaces.
final class Kyverno {

    static final Path PROGRAM = Webhooks.BIN.resolve("kyverno");

    private Kyverno() {}

    static Webhook inJmesPath(Stage stage) {
        return webhook(stage, "kyverno-jmespath", "/validate/fail");
    }

    static Webhook inCel(Stage stage) {
        return webhook(stage, "kyverno-cel", "/vpol/same-as-in-peers");
    }

    private static Webhook webhook(Stage stage, String name, String path) {
        return new Webhook(
                name, PROGRAM, "mesh/build-tool.sh kyverno", path, true, () -> start(stage, name));
    }

    private static Running start(Stage stage, String name) {
        int port = Ports.free();
        return GoProcess.start(
                port,
                "https://127.0.0.1:" + port + "/health/readiness",
                stage.folder().resolve(name + ".log"),
                Map.of(
                        "KYVERNO_NAMESPACE", "kyverno",
                        "KYVERNO_POD_NAME", "kyverno",
                        "KYVERNO_SERVICEACCOUNT_NAME", "kyverno",
                        "KYVERNO_DEPLOYMENT", "kyverno",
                        "INIT_CONFIG", "kyverno",
                        "METRICS_CONFIG", "kyverno-metrics"),
                List.of(
                        PROGRAM.toString(),
                        "--kubeconfig=" + stage.kubeconfig(),
                        "--serverIP=127.0.0.1",
                        "--caSecretName=ca",
                        "--tlsSecretName=certificate",
                        "--disableCertManagerController",
                        "--webhookServerHost=127.0.0.1",
                        "--webhookServerPort=" + port,
                        "--backgroundServiceAccountName=system:serviceaccount:kyverno:background",
                        "--reportsServiceAccountName=system:serviceaccount:kyverno:reports",
                        "--metricsHost=127.0.0.1",
                        "--metricsPort=" + Ports.free(),
                        "--controllerRuntimeMetricsAddress=0"));
    }

    /// What has to be there before it starts.
    static void furnish(Stage stage) {
        stage.applyKinds(Webhooks.BIN.resolve("kyverno-crds"));
        stage.kubectl("create", "namespace", "kyverno");
        stage.apply("kyverno-settings.yaml");
        var tls = stage.folder().resolve("tls");
        secret(stage, "ca", tls.resolve("ca.crt"), tls.resolve("ca.key"));
        secret(stage, "certificate", tls.resolve("tls.crt"), tls.resolve("tls.key"));
        stage.apply("kyverno.yaml");
        stage.put(
                "/apis/kyverno.io/v1/clusterpolicies/same-as-in-peers/status",
                Yaml.read(
                        """
                        apiVersion: kyverno.io/v1
                        kind: ClusterPolicy
                        metadata: {name: same-as-in-peers}
                        status:
                          conditions:
                            - {type: Ready, status: "True", reason: Succeeded, message: Ready, lastTransitionTime: "2026-01-01T00:00:00Z"}
                        """));
    }

    private static void secret(Stage stage, String name, Path certificate, Path key) {
        stage.kubectl(
                "create",
                "secret",
                "tls",
                name,
                "--namespace=kyverno",
                "--cert=" + certificate,
                "--key=" + key);
    }
}
