package mesh.lockstep.beside;

import static mesh.lockstep.support.Waiting.LATER;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.regex.Pattern;
import mesh.lockstep.support.Yaml;

/// That the API server asks a webhook about changes in the namespace of its name, and lets nothing
/// through without its answer.
final class Registration implements AutoCloseable {

    private final Stage stage;
    private final Webhook webhook;

    /// In force when it is made.
    Registration(Stage stage, Changes changes, Webhook webhook, int port) {
        this.stage = stage;
        this.webhook = webhook;
        var before = answered();
        stage.put(
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/"
                        + webhook.name(),
                configuration(port));
        await().alias(webhook.name() + " is asked")
                .atMost(LATER)
                .until(
                        () -> {
                            changes.change(webhook.name(), Version.PEERS);
                            return answered() > before;
                        });
    }

    private JsonNode configuration(int port) {
        return Yaml.read(
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                  - name: %1$s.beside.lockstep.mesh
                    failurePolicy: Fail
                    timeoutSeconds: 3
                    sideEffects: NoneOnDryRun
                    admissionReviewVersions: [v1]
                    clientConfig:
                      caBundle: %2$s
                      service: {name: lockstep, namespace: lockstep, path: %3$s, port: %4$d}
                    rules:
                      - operations: [CREATE, UPDATE]
                        apiGroups: [cilium.io]
                        apiVersions: [v2]
                        resources: [ciliumnetworkpolicies, ciliumclusterwidenetworkpolicies]
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                """
                        .formatted(webhook.name(), authority(), webhook.path(), port));
    }

    private String authority() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(stage.authority()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How often it was asked, and answered.
    private double answered() {
        return Pattern.compile(
                        "(?m)^apiserver_admission_webhook_request_total\\{code=\"200\",[^}]*\"%s\\.beside[^}]*} (.+)$"
                                .formatted(webhook.name()))
                .matcher(stage.kubectl("get", "--raw", "/metrics"))
                .results()
                .mapToDouble(it -> Double.parseDouble(it.group(1)))
                .sum();
    }

    @Override
    public void close() {
        stage.kubectl("delete", "validatingwebhookconfiguration", webhook.name());
    }
}
