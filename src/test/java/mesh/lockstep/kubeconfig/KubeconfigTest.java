package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import mesh.lockstep.kubeconfig.Kubeconfig.Accepted;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is accepted; what is refused is in `bad/kubeconfigs.yaml`.
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

    private static String good(String part, String replacement) {
        assertThat(GOOD).contains(part);
        return GOOD.replace(part, replacement);
    }

    private static String authority(String data) {
        return good(AUTHORITY.certificateData(), data);
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
