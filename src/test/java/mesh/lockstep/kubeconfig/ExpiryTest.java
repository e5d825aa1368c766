package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    private static final String SERVER = "https://10.0.0.1:6443";
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final Instant AUTHORITY_ENDS = AUTHORITY.certificate().getNotAfter().toInstant();

    @Test
    void aTokenSaysItself() {
        var soon = AUTHORITY_ENDS.minusSeconds(3600);

        assertThat(expiryWithToken("{\"iss\":\"x\",\"exp\":" + soon.getEpochSecond() + "}"))
                .contains(soon);
    }

    @Test
    void theAuthorityMayEndBefore() {
        var late = AUTHORITY_ENDS.plusSeconds(3600).getEpochSecond();

        assertThat(expiryWithToken("{\"exp\":" + late + "}")).contains(AUTHORITY_ENDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"exp\":\"tomorrow\"}",
                "{\"exp\":-1}",
                "{\"exp\":99999999999999999999999999}",
                "{",
            })
    void aTokenThatDoesNotSayCounts(String claims) {
        assertThat(expiryWithToken(claims)).contains(AUTHORITY_ENDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "a.b", "a.!.c", "a.b.c.d", ".."})
    void aTokenOfAnotherFormIsNotRead(String token) {
        assertThat(
                        expiry(
                                Kubeconfigs.withToken(SERVER, AUTHORITY)
                                        .replace(Kubeconfigs.TOKEN, token)))
                .contains(AUTHORITY_ENDS);
    }

    @Test
    void aClientCertificateSaysItself() {
        var client = AUTHORITY.issueExpiredFor("127.0.0.1");

        assertThat(expiry(Kubeconfigs.withClientCertificate(SERVER, AUTHORITY, client)))
                .contains(client.certificate().getNotAfter().toInstant());
    }

    private static Optional<Instant> expiryWithToken(String claims) {
        var payload =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return expiry(
                Kubeconfigs.withToken(SERVER, AUTHORITY)
                        .replace(Kubeconfigs.TOKEN, "e30." + payload + ".c2lnbmF0dXJl"));
    }

    private static Optional<Instant> expiry(String kubeconfig) {
        var read = (Kubeconfig.Accepted) Kubeconfigs.read(kubeconfig);
        return Expiry.of(read.credentials());
    }
}
