package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import mesh.lockstep.peers.Kubeconfig.Accepted;
import mesh.lockstep.peers.Kubeconfig.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KubeconfigTest {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final TestCertificate CLIENT = AUTHORITY.issueFor("10.0.0.2");
    private static final String URL = "https://10.0.0.1:6443";
    private static final String GOOD = Kubeconfigs.withToken(URL, AUTHORITY);
    private static final String CERTIFIED =
            Kubeconfigs.withClientCertificate(URL, AUTHORITY, CLIENT);

    @Test
    void acceptsAToken() {
        assertThat(Kubeconfigs.read(GOOD))
                .isEqualTo(
                        new Accepted(
                                new Credentials(
                                        URI.create(URL),
                                        new Pem(AUTHORITY.certificateData()),
                                        new Credentials.Token(Kubeconfigs.TOKEN))));
    }

    @Test
    void acceptsAClientCertificate() {
        assertThat(Kubeconfigs.read(CERTIFIED))
                .isEqualTo(
                        new Accepted(
                                new Credentials(
                                        URI.create(URL),
                                        new Pem(AUTHORITY.certificateData()),
                                        new Credentials.ClientCertificate(
                                                new Pem(CLIENT.certificateData()),
                                                new Pem(CLIENT.keyData())))));
    }

    @ParameterizedTest
    @MethodSource
    void accepts(String what, String file) {
        assertThat(Kubeconfigs.read(file)).as(what).isInstanceOf(Accepted.class);
    }

    static Stream<Arguments> accepts() {
        return Stream.of(
                arguments("JSON, which is YAML", json()),
                arguments("a server behind a path", good(URL, URL + "/k8s/clusters/c-1")),
                arguments("a server given by its name", good(URL, "https://east.example.com")),
                arguments(
                        "only what is needed",
                        GOOD.replaceAll(
                                        "(?m)^(apiVersion|kind|preferences|current-context).*\n",
                                        "")
                                .replaceAll("(?m)^ *namespace.*\n", "")),
                arguments("base64 over several lines", folded()));
    }

    @ParameterizedTest
    @MethodSource
    void refuses(String reason, String file) {
        assertThat(Kubeconfigs.read(file)).isEqualTo(new Refused(reason));
    }

    static Stream<Arguments> refuses() {
        return Stream.of(structure(), yaml(), cluster(), user(), context()).flatMap(it -> it);
    }

    private static Stream<Arguments> structure() {
        return Stream.of(
                arguments("empty", ""),
                arguments("empty", " \n\n"),
                arguments("the file is not a mapping", "hello"),
                arguments("the file is not a mapping", "# only a remark\n"),
                arguments("the file is not a mapping", "[]"),
                arguments("clusters is missing", "{}"),
                arguments("apiVersion is not v1", good("apiVersion: v1", "apiVersion: v2")),
                arguments("kind is not Config", good("kind: Config", "kind: Secret")),
                arguments("kind is not a text", good("kind: Config", "kind: [Config]")),
                arguments("extensions is not allowed", GOOD + "extensions: []\n"),
                arguments("the file has a field that is not allowed", GOOD + "? [a]\n: b\n"),
                arguments(
                        "the file has a field that is not allowed",
                        GOOD + "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9.eyJpc3M: x\n"),
                arguments(
                        "preferences.colors is not allowed",
                        good("preferences: {}", "preferences: {colors: true}")),
                arguments("larger than 256 KiB", GOOD + "#".repeat(256 * 1024)));
    }

    private static Stream<Arguments> yaml() {
        return Stream.of(
                arguments("not YAML (line 1)", "clusters: [}"),
                arguments("not YAML (line 2)", "clusters: []\n\tusers: []"),
                arguments("not YAML", "\u0007"),
                arguments(
                        "a field is there twice (line 3)", good("preferences: {}", "kind: Config")),
                arguments("more than one document", GOOD + "---\n" + GOOD),
                arguments("anchors and aliases are not allowed", "a: &a [x]\nb: *a\n"),
                arguments("anchors and aliases are not allowed", aliasBomb()),
                arguments("anchors and aliases are not allowed", good("token: ", "token: &t ")),
                arguments("tags are not allowed", good("token: ", "token: !!str ")),
                arguments("tags are not allowed", "!!javax.script.ScriptEngineManager [x]"),
                arguments("nested more than 20 deep", "a: " + "[".repeat(100_000)),
                arguments("nested more than 20 deep", "a: " + "[".repeat(20) + "]".repeat(20)));
    }

    private static Stream<Arguments> cluster() {
        return Stream.of(
                arguments("clusters has 0 entries: one is allowed", "clusters: []"),
                arguments("clusters is not a list", "clusters: {name: east}"),
                arguments("clusters[0] is not a mapping", "clusters: [east]"),
                arguments(
                        "clusters has 2 entries: one is allowed",
                        good("users:", "- name: west\n  cluster: {}\nusers:")),
                arguments(
                        "clusters[0].cluster.server is missing", good("server: " + URL, "server:")),
                arguments("clusters[0].cluster.server is not https", good("https://", "http://")),
                arguments("clusters[0].cluster.server is not https", good(URL, "10.0.0.1")),
                arguments("clusters[0].cluster.server is not a URL", good(URL, "https://a b")),
                arguments(
                        "clusters[0].cluster.server is not a text",
                        good("server: " + URL, "server: 6443")),
                arguments(PLAIN_URL, good("https://", "https://user:password@")),
                arguments(PLAIN_URL, good(URL, URL + "/?a=b")),
                arguments(PLAIN_URL, good(URL, URL + "/#a")),
                arguments(PLAIN_URL, good(URL, "https:///apis")),
                arguments(
                        "clusters[0].cluster.certificate-authority-data is missing",
                        GOOD.replaceFirst(" *certificate-authority-data:.*\n", "")),
                arguments(NOT_A_CERTIFICATE, authority("aGVsbG8=")),
                arguments(NOT_A_CERTIFICATE, authority("~a")),
                arguments(NOT_A_CERTIFICATE, authority(AUTHORITY.keyData())),
                arguments(
                        "clusters[0].cluster.tls-server-name is not supported:"
                                + " the server's certificate has to name its address",
                        cluster("tls-server-name: east")),
                notAllowedInCluster("insecure-skip-tls-verify: true"),
                notAllowedInCluster("insecure-skip-tls-verify: false"),
                notAllowedInCluster("certificate-authority: /etc/passwd"),
                notAllowedInCluster("proxy-url: http://10.0.0.2"),
                notAllowedInCluster("disable-compression: true"));
    }

    private static Stream<Arguments> user() {
        return Stream.of(
                arguments(
                        "users[0].user has neither a token nor a client certificate",
                        GOOD.replaceFirst("user:\n *token: .*\n", "user: {}\n")),
                arguments(
                        "users[0].user has a token and a client certificate: one is allowed",
                        user("client-certificate-data: " + CLIENT.certificateData())),
                arguments("users[0].user.token is not a text", token("12345")),
                arguments("users[0].user.token is not a text", token("''")),
                arguments("users[0].user.token has characters that no token has", token("a b")),
                arguments(
                        "users[0].user.token has characters that no token has",
                        token("\"a\\r\\nHost: b\"")),
                arguments(
                        "users[0].user.client-key-data is missing",
                        CERTIFIED.replaceFirst(" *client-key-data:.*\n", "")),
                arguments(
                        "users[0].user.client-certificate-data is missing",
                        CERTIFIED.replaceFirst(" *client-certificate-data:.*\n", "")),
                arguments(
                        "users[0].user.client-certificate-data is not a certificate: PEM, in base64",
                        CERTIFIED.replace(CLIENT.certificateData(), "aGVsbG8=")),
                arguments(NOT_A_KEY, CERTIFIED.replace(CLIENT.keyData(), "aGVsbG8=")),
                arguments(NOT_A_KEY, CERTIFIED.replace(CLIENT.keyData(), "~a")),
                arguments(NOT_A_KEY, CERTIFIED.replace(CLIENT.keyData(), CLIENT.certificateData())),
                notAllowedInUser("exec: {command: /bin/sh, args: [-c, id]}"),
                notAllowedInUser("auth-provider: {name: oidc}"),
                notAllowedInUser("tokenFile: /var/run/secrets/token"),
                notAllowedInUser("client-certificate: /tls.crt"),
                notAllowedInUser("client-key: /tls.key"),
                notAllowedInUser("username: admin"),
                notAllowedInUser("password: hunter2"),
                notAllowedInUser("as: system:admin"),
                notAllowedInUser("as-groups: [system:masters]"));
    }

    private static Stream<Arguments> context() {
        return Stream.of(
                arguments(
                        "contexts has 2 entries: one is allowed",
                        GOOD + "- name: west\n  context: {cluster: east, user: reader}\n"),
                arguments(
                        "contexts[0].context.cluster is not the name of clusters[0]",
                        good("    cluster: east", "    cluster: west")),
                arguments(
                        "contexts[0].context.user is not the name of users[0]",
                        good("    user: reader", "    user: writer")),
                arguments(
                        "current-context is not the name of contexts[0]",
                        good("current-context: there", "current-context: here")),
                arguments(
                        "contexts[0].context.extensions is not allowed",
                        good("    namespace: default", "    extensions: []")),
                arguments(
                        "contexts[0].name is missing",
                        good("- name: there\n  context", "- context")));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThat(Kubeconfig.read(ByteBuffer.wrap(new byte[] {(byte) 0xC3, 0x28})))
                .isEqualTo(new Refused("not UTF-8"));
    }

    @Test
    void givesAnAnswerWhateverIsInTheFile() {
        var random = new Random(20_260_101);
        for (int i = 0; i < 2_000; i++) {
            var file = (i % 2 == 0 ? GOOD : CERTIFIED).getBytes(StandardCharsets.UTF_8);
            for (int j = 0; j <= i % 5; j++) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(256);
            }

            assertThat(Kubeconfig.read(ByteBuffer.wrap(file))).isNotNull();
        }
    }

    @Test
    void neverShowsASecret() {
        assertThat(Kubeconfigs.read(GOOD).toString()).doesNotContain(Kubeconfigs.TOKEN);
        assertThat(Kubeconfigs.read(CERTIFIED).toString())
                .doesNotContain(CLIENT.keyData().substring(0, 40))
                .doesNotContain("PRIVATE");
    }

    private static final String PLAIN_URL =
            "clusters[0].cluster.server is not a plain https URL: host, port and path";
    private static final String NOT_A_CERTIFICATE =
            "clusters[0].cluster.certificate-authority-data is not a certificate: PEM, in base64";
    private static final String NOT_A_KEY =
            "users[0].user.client-key-data is not a private key: PEM, in base64";

    private static String good(String part, String replacement) {
        assertThat(GOOD).contains(part);
        return GOOD.replace(part, replacement);
    }

    private static String authority(String data) {
        return good(AUTHORITY.certificateData(), data);
    }

    private static String token(String yaml) {
        return good(Kubeconfigs.TOKEN, yaml);
    }

    private static String cluster(String field) {
        return good("    server:", "    " + field + "\n    server:");
    }

    private static String user(String field) {
        return good("    token:", "    " + field + "\n    token:");
    }

    private static Arguments notAllowedInCluster(String field) {
        return arguments("clusters[0].cluster." + name(field) + " is not allowed", cluster(field));
    }

    private static Arguments notAllowedInUser(String field) {
        return arguments("users[0].user." + name(field) + " is not allowed", user(field));
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private static String aliasBomb() {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append(
                    "a%d: &a%d [%s*a%d]\n"
                            .formatted(i, i, ("*a" + (i - 1) + ",").repeat(8), i - 1));
        }
        return bomb.toString();
    }

    private static String folded() {
        var data = AUTHORITY.certificateData();
        return authority("|\n      " + String.join("\n      ", data.split("(?<=\\G.{64})")));
    }

    private static String json() {
        return """
        {"clusters": [{"name": "a", "cluster": {"server": "%s", "certificate-authority-data": "%s"}}],
         "users": [{"name": "b", "user": {"token": "%s"}}],
         "contexts": [{"name": "c", "context": {"cluster": "a", "user": "b"}}]}
        """
                .formatted(URL, AUTHORITY.certificateData(), Kubeconfigs.TOKEN);
    }
}
