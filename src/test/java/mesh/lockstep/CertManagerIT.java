package mesh.lockstep;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.Installation;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Reviews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The component `cert-manager`, with cert-manager's own controllers and its injector at work on a
/// real API server. It fails closed, so that a request that does not reach the webhook shows.
class CertManagerIT {

    private static final String CLUSTER = "cluster2";

    private static final Pattern COUNT =
            Pattern.compile("(?m)^lockstep_admission_requests_total\\{.*} (.+)$");

    @TempDir static Path folder;

    private static Checkout checkout;
    private static Installation installation;
    private static Process controllers;

    @BeforeAll
    static void install() throws IOException {
        checkout = Checkout.in(folder, Mesh.bare());
        Installation.assumeNamespaces(checkout);
        installation = new Installation(checkout);
        var crds = Path.of("mesh/bin/component-crds").toAbsolutePath();
        checkout.succeed(kubectl("apply --server-side -f " + crds));
        checkout.succeed(kubectl("wait --for=condition=Established crd --all --timeout=30s"));
        checkout.succeed(kubectl("config view --minify --raw >" + folder.resolve("admin")));
        controllers =
                new ProcessBuilder(
                                Path.of("mesh/bin/certmanager").toAbsolutePath().toString(),
                                folder.resolve("admin").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(Path.of("target/cert-manager.log").toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(controllers::destroyForcibly));
        checkout.write(
                "k8s/overlays/certified/kustomization.yaml",
                List.of(
                        "apiVersion: kustomize.config.k8s.io/v1beta1",
                        "kind: Kustomization",
                        "resources: [../../base]",
                        "components: [../../components/cert-manager, ../../components/fail-closed]",
                        "patches: [{path: deployment.yaml}]"));
        checkout.write(
                "k8s/overlays/certified/deployment.yaml",
                List.of(
                        "apiVersion: apps/v1",
                        "kind: Deployment",
                        "metadata: {name: lockstep, namespace: lockstep}",
                        "spec:",
                        "  replicas: 1",
                        "  template:",
                        "    spec:",
                        "      containers:",
                        "      - name: lockstep",
                        "        env: [{name: LOCKSTEP_TLS_READ_EVERY, value: 1s}]"));
        checkout.succeed(kubectl("apply -k k8s/overlays/certified"));
    }

    @AfterAll
    static void end() {
        checkout.run(kubectl("delete --ignore-not-found -k k8s/overlays/certified"));
        controllers.destroyForcibly();
        installation.close();
    }

    @Test
    void issuesInjectsAndRotatesWhileRequestsFlow() throws Exception {
        await().atMost(LATER).untilAsserted(() -> assertThat(bundles()).hasSize(3));
        var first = certificate();
        certificate("ca.crt").verify(certificate("ca.crt").getPublicKey());
        first.verify(certificate("ca.crt").getPublicKey());
        assertThat(bundles()).containsOnly(secret("ca.crt"));
        installation.runPods(CLUSTER);
        assertThat(checkout.run("k8s/certify.sh --renew " + CLUSTER).text())
                .contains("cert-manager keeps this certificate");

        var requests = new AtomicInteger();
        var failures = new ArrayList<String>();
        var goOn = new AtomicBoolean(true);
        var traffic = Thread.ofVirtual().start(() -> send(goOn, requests, failures));
        await().atMost(LATER).until(() -> requests.get() > 20);
        for (int i = 0; i < 2; i++) {
            rotate();
        }
        goOn.set(false);
        traffic.join();

        assertThat(failures).isEmpty();
        assertThat(requests.get()).isGreaterThan(50);
        assertThat(judged()).isEqualTo(requests.get());
        System.out.printf(
                "cert-manager rotated twice: %d requests, %d failures%n",
                requests.get(), failures.size());
    }

    /// As `cmctl renew` asks for it; over when the webhook serves the new one.
    private static void rotate() throws Exception {
        var before = certificate();
        checkout.succeed(
                kubectl(
                        "-n lockstep patch certificate lockstep-tls --subresource status --type json --patch"
                                + " '[{\"op\":\"add\",\"path\":\"/status/conditions/-\",\"value\":{\"type\":\"Issuing\","
                                + "\"status\":\"True\",\"reason\":\"ManuallyTriggered\",\"message\":\"by hand\"}}]'"));
        await().atMost(LATER)
                .until(() -> !certificate().getSerialNumber().equals(before.getSerialNumber()));
        var renewed = certificate();
        assertThat(renewed.getPublicKey()).isNotEqualTo(before.getPublicKey());
        installation.refreshMounts(CLUSTER);
        await().atMost(LATER)
                .until(() -> installation.pod(CLUSTER).servedCertificate().equals(renewed));
    }

    private static void send(AtomicBoolean goOn, AtomicInteger requests, List<String> failures) {
        try (var api = new ClusterApi(Mesh.bare(), CLUSTER)) {
            while (goOn.get()) {
                var policy = Reviews.policy(80);
                ((ObjectNode) policy.path("metadata")).put("name", "rotating");
                var answer = api.apply("rotating", policy, "rotation", true);
                requests.incrementAndGet();
                if (!answer.succeeded()) {
                    failures.add(answer.message());
                }
            }
        }
    }

    /// By the count of the pod.
    private static int judged() {
        return COUNT.matcher(installation.pod(CLUSTER).management("/q/metrics"))
                .results()
                .mapToInt(it -> (int) Double.parseDouble(it.group(1)))
                .sum();
    }

    private static List<String> bundles() {
        return checkout.succeed(
                        kubectl(
                                "get validatingwebhookconfiguration lockstep -o"
                                        + " jsonpath='{range .webhooks[*]}{.clientConfig.caBundle}{\"\\n\"}{end}'"))
                .lines()
                .filter(it -> !it.isBlank())
                .toList();
    }

    private static String secret(String key) {
        return checkout.succeed(
                kubectl(
                        "-n lockstep get secret lockstep-tls -o jsonpath='{.data.%s}'"
                                .formatted(key.replace(".", "\\."))));
    }

    private static X509Certificate certificate() throws Exception {
        return certificate("tls.crt");
    }

    private static X509Certificate certificate(String key) throws Exception {
        try (var pem = new ByteArrayInputStream(Base64.getDecoder().decode(secret(key)))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static String kubectl(String arguments) {
        return "kubectl --context " + CLUSTER + " " + arguments;
    }
}
