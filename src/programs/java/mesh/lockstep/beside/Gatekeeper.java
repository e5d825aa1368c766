package mesh.lockstep.beside;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Ports;

/// Gatekeeper, which judges by a rule in Rego over what it has synchronized. It runs as its
/// webhook's Deployment does, without mutation and without the other one that audits.
final class Gatekeeper {

    static final String NAME = "gatekeeper";
    static final Path PROGRAM = Webhooks.BIN.resolve(NAME);

    private Gatekeeper() {}

    static Webhook webhook(Stage stage) {
        return new Webhook(
                NAME,
                PROGRAM,
                "mesh/build-tool.sh gatekeeper",
                "/v1/admit",
                true,
                () -> start(stage, "webhook"));
    }

    /// Its metrics would listen on all addresses: so they are to be sent, once in a day, to a port
    /// on which nobody listens.
    private static Running start(Stage stage, String operations) {
        int port = Ports.free();
        int health = Ports.free();
        return GoProcess.start(
                port,
                "http://127.0.0.1:" + health + "/readyz",
                stage.folder().resolve("gatekeeper.log"),
                Map.of(
                        "KUBECONFIG", stage.kubeconfig().toString(),
                        "POD_NAMESPACE", "gatekeeper-system",
                        "POD_NAME", "gatekeeper"),
                List.of(
                        PROGRAM.toString(),
                        "--operation=" + operations,
                        "--debug-use-fake-pod",
                        "--disable-cert-rotation",
                        "--cert-dir=" + stage.folder().resolve("tls"),
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--health-addr=127.0.0.1:" + health,
                        "--metrics-backend=opentelemetry",
                        "--otlp-endpoint=127.0.0.1:1",
                        "--otlp-metric-interval=24h"));
    }

    /// What has to be there before it starts. The kind of the constraint is made by the Deployment
    /// that audits.
    static void furnish(Stage stage) {
        stage.applyKinds(Webhooks.BIN.resolve("gatekeeper-crds"));
        stage.kubectl("create", "namespace", "gatekeeper-system");
        try (var _ = start(stage, "webhook,generate")) {
            stage.apply("gatekeeper-template.yaml");
            stage.apply("gatekeeper-constraint.yaml");
        }
    }
}
