package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.TestCertificate;

/// The files of `bad/kubeconfigs.yaml`: as written in `file`, or a good one with a token or, if
/// `certified`, a client certificate, in which texts are `replace`d, and `more` follows.
final class BadKubeconfigs {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final TestCertificate CLIENT = AUTHORITY.issueFor("10.0.0.2");
    private static final TestCertificate EXPIRED = AUTHORITY.issueExpiredFor("10.0.0.2");

    private static final Map<String, String> VALUES =
            Map.of(
                    "${authority}", AUTHORITY.certificateData(),
                    "${authority-key}", AUTHORITY.keyData(),
                    "${client}", CLIENT.certificateData(),
                    "${client-key}", CLIENT.keyData(),
                    "${expired}", EXPIRED.certificateData(),
                    "${token}", BadInput.SECRET);

    private static final String TOKEN = "token: ${token}";
    private static final String CERTIFICATE =
            """
            client-certificate-data: ${client}
                client-key-data: ${client-key}""";

    private BadKubeconfigs() {}

    static byte[] file(BadInput input) {
        if (input.tree().has("file")) {
            return BadInput.bytes(input.tree().path("file"), BadKubeconfigs::filled);
        }
        var file = good(input.tree().path("certified").asBoolean() ? CERTIFICATE : TOKEN);
        for (var change : input.tree().path("replace").properties()) {
            assertThat(file).contains(change.getKey());
            file = file.replace(change.getKey(), change.getValue().textValue());
        }
        file += input.tree().path("more").asText();
        return filled(file).getBytes(StandardCharsets.UTF_8);
    }

    private static String good(String user) {
        return Kubeconfigs.with("https://10.0.0.1:6443", "${authority}", user);
    }

    private static String filled(String text) {
        var filled = text.contains("${good}") ? text.replace("${good}", good(TOKEN)) : text;
        for (var value : VALUES.entrySet()) {
            filled = filled.replace(value.getKey(), value.getValue());
        }
        return filled;
    }
}
