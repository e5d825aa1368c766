package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisclosureTest {

    private static final String AUTHORITY = "lockstep.tls.client-authority";
    private static final String DISCLOSE = "lockstep.disclose";

    /// A stranger learns where policies differ, and not what they say.
    @Test
    void tellsValuesWhereOnlyTheApiServerCanAsk() {
        assertThat(configured(Map.of())).isEqualTo(Disclosure.PATHS);
        assertThat(configured(Map.of(AUTHORITY, "/ca.crt"))).isEqualTo(Disclosure.VALUES);
    }

    @Test
    void doesAsItIsTold() {
        assertThat(configured(Map.of(DISCLOSE, "values"))).isEqualTo(Disclosure.VALUES);
        assertThat(configured(Map.of(AUTHORITY, "/ca.crt", DISCLOSE, "paths")))
                .isEqualTo(Disclosure.PATHS);
    }

    private static Disclosure configured(Map<String, String> settings) {
        var config =
                new SmallRyeConfigBuilder()
                        .withMapping(WebhookConfig.class)
                        .withConverter(Duration.class, 1_000, _ -> Duration.ofMinutes(1))
                        .withDefaultValues(settings)
                        .build();
        return config.getConfigMapping(WebhookConfig.class).disclosure();
    }
}
