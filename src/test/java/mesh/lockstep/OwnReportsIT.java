package mesh.lockstep;

import static mesh.lockstep.support.Waiting.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Kubectl.Output;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The component that keeps the webhook's account from what others report, on a real API server.
class OwnReportsIT {

    private static final String KINDS = Path.of("mesh/bin/report-kinds").toAbsolutePath() + "/";
    private static final String NAMESPACE = "k8s/base/10-namespace.yaml";
    private static final String RIGHTS = "k8s/base/30-rbac.yaml";
    private static final String COMPONENT =
            "k8s/components/own-reports/85-validatingadmissionpolicy.yaml";
    private static final String LABEL = "app.kubernetes.io/managed-by";

    private static final Kubectl KUBECTL = Mesh.bare().kubectl("cluster3");

    @BeforeAll
    static void theRightsAndTheComponent() {
        succeeds(KUBECTL.run("apply", "--server-side", "-f", KINDS));
        // Some of the rights are in it.
        succeeds(KUBECTL.run("apply", "-f", NAMESPACE));
        succeeds(KUBECTL.run("apply", "-f", RIGHTS));
        await().atMost(SOON)
                .until(() -> KUBECTL.apply(report("scanner-found", "scanner")).succeeded());
        succeeds(KUBECTL.apply(report("lockstep-borrowed", "scanner")));
        // Without the component, the right is as wide as RBAC makes it.
        succeeds(asLockstep(report("scanner-found", "lockstep"), "--dry-run=server"));
        succeeds(KUBECTL.run("apply", "-f", COMPONENT));
        await().atMost(SOON)
                .until(() -> isKept(asLockstep(report("other", "lockstep"), "--dry-run=server")));
    }

    @AfterAll
    static void takeAllAway() {
        KUBECTL.run("delete", "reports", "--all", "-n", "default");
        KUBECTL.run("delete", "-f", COMPONENT);
        KUBECTL.run("delete", "-f", RIGHTS);
        KUBECTL.run("delete", "-f", NAMESPACE);
        KUBECTL.run("delete", "-f", KINDS);
    }

    @Test
    void itsOwnReportsAreMadeChangedAndDeleted() {
        succeeds(asLockstep(report("lockstep-allow-api", "lockstep")));
        succeeds(
                asLockstep(report("lockstep-allow-api", "lockstep").replace("pass: 1", "pass: 2")));
        succeeds(delete("lockstep-allow-api"));
    }

    @Test
    void reportsOfOtherToolsAreNotTouched() {
        assertThat(isKept(asLockstep(report("scanner-found", "lockstep")))).isTrue();
        assertThat(isKept(asLockstep(report("lockstep-borrowed", "lockstep")))).isTrue();
        assertThat(isKept(delete("scanner-found"))).isTrue();
        assertThat(isKept(delete("lockstep-borrowed"))).isTrue();
        assertThat(KUBECTL.run("delete", "reports", "scanner-found").succeeded()).isTrue();
        succeeds(KUBECTL.apply(report("scanner-found", "scanner")));
    }

    @Test
    void norAreEventsThatOthersReport() {
        assertThat(isKept(asLockstep(event("theirs", "kubelet")))).isTrue();
        succeeds(asLockstep(event("ours", "lockstep.mesh/drift")));
        succeeds(KUBECTL.run("delete", "events.events.k8s.io", "ours"));
    }

    private static Output asLockstep(String manifest, String... options) {
        var server = new String[options.length + 3];
        server[0] = "--server-side";
        server[1] = "--force-conflicts";
        server[2] = "--as=system:serviceaccount:lockstep:lockstep";
        System.arraycopy(options, 0, server, 3, options.length);
        return KUBECTL.apply(manifest, server);
    }

    private static Output delete(String report) {
        return KUBECTL.run(
                "delete", "reports", report, "--as=system:serviceaccount:lockstep:lockstep");
    }

    private static boolean isKept(Output output) {
        return output.err().contains("ValidatingAdmissionPolicy 'lockstep-own-reports'");
    }

    private static void succeeds(Output output) {
        assertThat(output.succeeded()).as(output.err()).isTrue();
    }

    private static String report(String name, String manager) {
        return """
        apiVersion: openreports.io/v1alpha1
        kind: Report
        metadata: {name: %s, namespace: default, labels: {%s: %s}}
        summary: {pass: 1}
        results: []
        """
                .formatted(name, LABEL, manager);
    }

    private static String event(String name, String controller) {
        return """
        apiVersion: events.k8s.io/v1
        kind: Event
        metadata: {name: %s, namespace: default}
        eventTime: "2026-01-01T10:00:00.000000Z"
        type: Warning
        reason: Diverged
        note: a note
        action: Compare
        reportingController: %s
        reportingInstance: test
        regarding: {apiVersion: v1, kind: ConfigMap, name: a, namespace: default}
        """
                .formatted(name, controller);
    }
}
