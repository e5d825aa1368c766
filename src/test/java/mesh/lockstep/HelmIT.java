package mesh.lockstep;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Document;
import mesh.lockstep.support.Installation;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The chart on a real API server, by the commands of its page: see also [InstallationIT].
@TestMethodOrder(OrderAnnotation.class)
class HelmIT {

    private static final Document PAGE = Document.of("charts/lockstep/README.md");
    private static final String LEVEL =
            "deployment lockstep -o jsonpath='{.spec.template.spec.containers[0].env[?(@.name==\"LOCKSTEP_ENFORCEMENT_LEVEL\")].value}'";
    private static final String CERTIFICATE = "secret lockstep-tls -o jsonpath='{.data}'";
    private static final String HISTORY = "configmap lockstep-history-3 -o jsonpath='{.data.seen}'";

    @TempDir static Path folder;

    private static Mesh mesh;
    private static Checkout checkout;
    private static Installation installation;
    private static String notes;

    @BeforeAll
    static void install() {
        mesh = Mesh.start("helm", "--clusters", "1", "--controllers");
        checkout = Checkout.in(folder, mesh);
        Installation.assumeNamespaces(checkout);
        installation = new Installation(checkout);
        // What every mesh has for its webhooks.
        for (var folder : List.of("k8s", "k8s/peer")) {
            checkout.succeed("kubectl --context cluster1 delete --ignore-not-found -k " + folder);
        }
        notes =
                checkout.succeed(
                        command("The chart", 0)
                                + " --set replicas=1 --set 'settings.lockstep\\.tls\\.read-every=1s'");
        installation.runPods("cluster1");
        lead();
    }

    @AfterAll
    static void end() {
        installation.close();
        mesh.close();
    }

    @Test
    @Order(1)
    void saysWhatIsNext() {
        assertThat(notes)
                .contains("at level warn.")
                .contains("  k8s/connect.sh CONTEXT CONTEXT...")
                .contains("  kubectl label namespace lockstep pod-security")
                .contains(
                        "  " + command("Does it work?", 0).replace(" --kube-context cluster1", ""));
    }

    @Test
    @Order(2)
    void aPolicyIsJudged() {
        var before = asked();

        assertThat(test().text()).contains("Phase:          Succeeded");

        assertThat(asked()).isGreaterThan(before);
        assertThat(kubectl("get ccnp -o name")).isEmpty();
    }

    /// The pods accept connections and answer nothing.
    @Test
    @Order(3)
    void theTestFailsWhereTheWebhookDoesNotAnswer() {
        installation.freeze("cluster1");
        try {
            var tried = test();

            assertThat(tried.exitCode()).isNotZero();
            assertThat(tried.text()).contains("failed calling webhook \"test.lockstep.mesh\"");
        } finally {
            installation.thaw("cluster1");
        }
        await().atMost(LATER).until(() -> test().exitCode() == 0);
    }

    @Test
    @Order(4)
    void anUpgradeChangesWhatItIsToldAndKeepsTheRest() {
        kubectl(
                "patch configmap lockstep-history-3 --type merge -p '{\"data\":{\"seen\":\"much\"}}'");
        var certificate = get(CERTIFICATE);

        upgrade(" --set level=audit");

        assertThat(get(LEVEL)).isEqualTo("audit");
        assertThat(get(CERTIFICATE)).isEqualTo(certificate);
        assertThat(get(HISTORY)).isEqualTo("much");

        checkout.succeed(command("Upgrading", 1) + " --force-conflicts");
        lead();

        assertThat(get(LEVEL)).isEqualTo("warn");
        assertThat(get(CERTIFICATE)).isEqualTo(certificate);
        assertThat(get(HISTORY)).isEqualTo("much");
        assertThat(test().exitCode()).isZero();
    }

    /// While pods still serve the old certificate as well as after they have the new one.
    @Test
    @Order(5)
    void anUpgradeRenewsACertificateWithoutAGap() {
        var before = get(CERTIFICATE);
        kubectl("annotate secret lockstep-tls --overwrite lockstep.mesh/renew-after=2026-01-01");

        upgrade("");

        assertThat(get(CERTIFICATE)).isNotEqualTo(before);
        assertThat(test().exitCode()).isZero();
        var served = installation.pod("cluster1").servedCertificate();
        installation.refreshMounts();
        await().atMost(LATER)
                .until(() -> !installation.pod("cluster1").servedCertificate().equals(served));
        assertThat(test().exitCode()).isZero();
    }

    @Test
    @Order(6)
    void isTakenAway() {
        checkout.succeed(command("Removing", 0));

        var kinds =
                kubectl("api-resources --verbs=list -o name")
                        .lines()
                        // They expire.
                        .filter(it -> !it.startsWith("events"))
                        .toList();
        assertThat(kinds).hasSizeGreaterThan(30);
        await().atMost(LATER)
                .untilAsserted(
                        () ->
                                assertThat(
                                                kubectl(
                                                                "get %s -A -o name"
                                                                        .formatted(
                                                                                String.join(
                                                                                        ",",
                                                                                        kinds)))
                                                        .lines())
                                        .contains("namespace/default")
                                        .filteredOn(it -> it.contains("lockstep"))
                                        .containsExactly("namespace/lockstep"));
    }

    private static String command(String section, int index) {
        return PAGE.blocks().stream()
                .filter(it -> it.section().equals(section))
                .flatMap(it -> it.lines().stream())
                .toList()
                .get(index);
    }

    private static Checkout.Output test() {
        return checkout.run(command("Does it work?", 0));
    }

    /// What is played of the way to the pods is in fields of Helm's.
    private static void upgrade(String values) {
        checkout.succeed(command("Upgrading", 0) + values + " --force-conflicts");
        lead();
    }

    /// To the pod, with that of `helm test` as well.
    private static void lead() {
        installation.route("cluster1");
        kubectl(
                "patch validatingwebhookconfiguration lockstep-test --type json --patch"
                        + " '[{\"op\":\"replace\",\"path\":\"/webhooks/0/clientConfig/service/port\",\"value\":%d}]'"
                                .formatted(installation.pod("cluster1").httpsPort()));
    }

    /// By the count of the pod.
    private static double asked() {
        return installation
                .pod("cluster1")
                .management("/q/metrics")
                .lines()
                .filter(it -> it.startsWith("lockstep_admission_requests_total{"))
                .mapToDouble(it -> Double.parseDouble(it.substring(it.lastIndexOf(' '))))
                .sum();
    }

    private static String get(String what) {
        return kubectl("get " + what);
    }

    private static String kubectl(String arguments) {
        return checkout.succeed("kubectl --context cluster1 -n lockstep " + arguments);
    }
}
