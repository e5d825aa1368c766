package mesh.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Kubectl;
import mesh.lockstep.support.Mesh;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The manifests as users apply them, on a real API server that knows the kinds of Cilium,
/// cert-manager and the Prometheus operator.
class ManifestsIT {

    private static final Kubectl KUBECTL = Mesh.bare().kubectl("cluster1");

    @TempDir static Path folder;

    private static Checkout checkout;

    @BeforeAll
    static void prepare() {
        checkout = Checkout.in(folder, Mesh.bare());
        checkout.succeed("certs/make-certs.sh");
        succeeds("apply", "--server-side", "-f", "mesh/bin/component-crds");
        succeeds("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        succeeds("apply", "-k", path("k8s/peer"));
        succeeds("apply", "-k", path("k8s"));
        checkout.succeed("k8s/certify.sh cluster1");
        succeeds("apply", "-k", path("k8s/renewer"));
    }

    @Test
    void applyWithoutErrorOrWarningAndAgain() {
        for (var folder : List.of("k8s/peer", "k8s", "k8s/renewer")) {
            succeeds("apply", "-k", path(folder));
        }
        assertThat(webhook("{.webhooks[*].failurePolicy}")).isEqualTo("Ignore Ignore");
        assertThat(webhook("{.webhooks[*].timeoutSeconds}")).isEqualTo("3 3");
        assertThat(webhook("{.webhooks[*].rules[*].operations}"))
                .isEqualTo("[\"CREATE\",\"UPDATE\"] [\"DELETE\"]");
        assertThat(webhook("{.webhooks[*].clientConfig.caBundle}")).contains(" ");
    }

    /// Whoever has the manifests, and nothing else, can look at what changes.
    @Test
    void nothingDiffersAfterwards() {
        assertThat(checkout.succeed("kubectl --context cluster1 diff -k k8s")).isEmpty();
    }

    @Test
    void aCertificateOfOnesOwnIsTakenIfTheApiServerWouldTakeIt() {
        checkout.succeed("certs/make-certs.sh --out other --service other");
        var before = webhook("{.webhooks[*].clientConfig.caBundle}");

        var refused = checkout.run("k8s/certify.sh --from other cluster1");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.text()).contains("is not valid for lockstep.lockstep.svc");
        assertThat(webhook("{.webhooks[*].clientConfig.caBundle}")).isEqualTo(before);

        checkout.succeed("k8s/certify.sh --from certs/out cluster1");

        assertThat(webhook("{.webhooks[1].clientConfig.caBundle}"))
                .isNotEqualTo(before.split(" ", -1)[1])
                .isEqualTo(checkout.succeed("base64 <certs/out/ca.crt | tr -d '\\n'"));
    }

    /// Whatever a cluster's own overlay picks. Strictly: an unknown field is an error, what is
    /// deprecated or breaks the namespace's pod security is a warning.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cert-manager",
                "monitoring",
                "network-policy",
                "own-certificates",
                "fail-closed,own-certificates",
                "override,own-certificates",
                "own-reports,own-certificates",
                "cert-manager,monitoring,network-policy,fail-closed,own-reports,override",
                "only-api-server",
                "client-certificate",
                "jvm,own-certificates",
                "renewal,own-certificates",
                "cert-manager,monitoring,network-policy,only-api-server,client-certificate",
                "monitoring,network-policy,fail-closed,own-certificates",
            })
    void everyChoiceOfComponentsIsAccepted(String components) {
        var overlay = "k8s/overlays/" + components.replace(',', '-');
        checkout.write(
                overlay + "/kustomization.yaml",
                List.of(
                        "apiVersion: kustomize.config.k8s.io/v1beta1",
                        "kind: Kustomization",
                        "resources: [../../base]",
                        "components:",
                        "- ../../components/" + components.replace(",", "\n- ../../components/")));

        var accepted = accept(overlay);

        assertThat(accepted).contains("deployment.apps/lockstep serverside-applied");
        if (components.contains("own-certificates")) {
            assertThat(succeeds("kustomize", path(overlay)).lines())
                    .filteredOn(it -> it.contains("caBundle: "))
                    .hasSize(components.contains("fail-closed") ? 3 : 2);
        }
    }

    @Test
    void theExampleIsAccepted() {
        assertThat(accept("k8s/overlays/example-cluster1"))
                .contains("certificate.cert-manager.io/lockstep-tls")
                .contains("prometheusrule.monitoring.coreos.com/lockstep")
                .contains("ciliumnetworkpolicy.cilium.io/lockstep");
    }

    @ParameterizedTest
    @CsvSource({
        "lockstep-peer, list, ciliumnetworkpolicies.cilium.io, yes",
        "lockstep-peer, watch, ciliumclusterwidenetworkpolicies.cilium.io, yes",
        "lockstep-peer, list, ciliumcidrgroups.cilium.io, yes",
        "lockstep-peer, get, ciliumcidrgroups.cilium.io, no",
        "lockstep-peer, get, namespaces, yes",
        "lockstep-peer, update, ciliumnetworkpolicies.cilium.io, no",
        "lockstep-peer, delete, ciliumnetworkpolicies.cilium.io, no",
        "lockstep-peer, list, secrets, no",
        "lockstep-peer, get, configmaps, no",
        "lockstep-peer, get, configmaps/cilium-config, yes",
        "lockstep-peer, list, customresourcedefinitions, no",
        "lockstep-peer, list, pods, no",
        "lockstep, get, configmaps/cilium-config, yes",
        "lockstep, get, configmaps/other, no",
        "lockstep, patch, configmaps/cilium-config, no",
        "lockstep, patch, configmaps/lockstep-history-0, no",
        "lockstep, list, ciliumcidrgroups.cilium.io, yes",
        "lockstep, delete, ciliumcidrgroups.cilium.io, no",
        "lockstep, watch, namespaces, yes",
        "lockstep, update, namespaces, no",
        "lockstep, create, events.events.k8s.io, yes",
        "lockstep, delete, events.events.k8s.io, no",
        "lockstep, create, events, no",
        "lockstep, get, secrets, no",
        "lockstep, watch, ciliumnetworkpolicies.cilium.io, yes",
        "lockstep, list, ciliumclusterwidenetworkpolicies.cilium.io, yes",
        "lockstep, update, ciliumnetworkpolicies.cilium.io, no",
        "lockstep, delete, ciliumclusterwidenetworkpolicies.cilium.io, no",
        "lockstep-renewer, get, namespaces/kube-system, yes",
        "lockstep-renewer, get, namespaces/default, no",
        "lockstep-renewer, list, namespaces, no",
        "lockstep-renewer, get, configmaps/cilium-config, yes",
        "lockstep-renewer, get, configmaps/other, no",
        "lockstep-renewer, get, secrets/lockstep-peers, no",
        "lockstep-renewer, list, ciliumnetworkpolicies.cilium.io, no",
        "lockstep-renewer, patch, clusterroles.rbac.authorization.k8s.io, no",
    })
    void grantNotAVerbMore(String account, String verb, String resource, String answer) {
        assertThat(can(account, verb, resource, "kube-system")).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "lockstep, get, configmaps/lockstep-history-0, yes",
        "lockstep, patch, configmaps/lockstep-history-7, yes",
        "lockstep, patch, configmaps/other, no",
        "lockstep, create, configmaps, no",
        "lockstep, delete, configmaps/lockstep-history-0, no",
        "lockstep, list, configmaps, no",
        "lockstep-renewer, get, secrets/lockstep-peers, yes",
        "lockstep-renewer, patch, secrets/lockstep-peers, yes",
        "lockstep-renewer, get, secrets/lockstep-tls, no",
        "lockstep-renewer, create, secrets, no",
        "lockstep-renewer, list, secrets, no",
        "lockstep-renewer, delete, secrets/lockstep-peers, no",
        "lockstep-renewer, get, serviceaccounts/lockstep-peer, yes",
        "lockstep-renewer, patch, serviceaccounts/lockstep-peer, no",
        "lockstep-renewer, get, serviceaccounts/lockstep, no",
    })
    void grantNotAVerbMoreInTheOwnNamespace(
            String account, String verb, String resource, String answer) {
        assertThat(can(account, verb, resource, "lockstep")).isEqualTo(answer);
    }

    @Test
    void grantsTokensOfNoOtherAccount() {
        var token = List.of("--namespace", "lockstep", "--subresource", "token");
        assertThat(can("lockstep-renewer", "create", "serviceaccounts/lockstep-peer", token))
                .isEqualTo("yes");
        assertThat(can("lockstep-renewer", "create", "serviceaccounts/lockstep", token))
                .isEqualTo("no");
    }

    private static String can(String account, String verb, String resource, String namespace) {
        return can(account, verb, resource, List.of("--namespace", namespace));
    }

    private static String can(String account, String verb, String resource, List<String> options) {
        var user = "system:serviceaccount:lockstep:" + account;
        var all = new ArrayList<>(List.of("auth", "can-i", verb, resource, "--as", user));
        all.addAll(options);
        return KUBECTL.run(all.toArray(String[]::new)).out().strip();
    }

    private static String accept(String folder) {
        return succeeds(
                "apply",
                "--server-side",
                "--force-conflicts",
                "--dry-run=server",
                "--validate=strict",
                "-k",
                path(folder));
    }

    /// Without a word on stderr, which is where warnings go; but for what kubectl says of its own
    /// bookkeeping.
    private static String succeeds(String... arguments) {
        var output = KUBECTL.run(arguments);
        assertThat(output.err().lines())
                .as(String.join(" ", arguments))
                .allMatch(it -> it.startsWith("Warning: failed to migrate "));
        assertThat(output.succeeded()).isTrue();
        return output.out();
    }

    private static String webhook(String path) {
        return KUBECTL.run(
                        "get",
                        "validatingwebhookconfiguration",
                        "lockstep",
                        "-o",
                        "jsonpath=" + path)
                .out();
    }

    private static String path(String inCheckout) {
        return checkout.folder().resolve(inCheckout).toString();
    }
}
