package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import mesh.lockstep.support.BadInput;
import mesh.lockstep.support.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// A kubeconfig is accepted and can be used, or refused for a reason fit for one line.
@Tag("slow")
class KubeconfigFuzzTest {

    static Stream<byte[]> seeds() {
        return BadInput.of("kubeconfigs").stream().map(BadKubeconfigs::file);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void reads(byte[] file) {
        switch (Effort.within(
                Duration.ofSeconds(10), () -> Kubeconfig.read(ByteBuffer.wrap(file)))) {
            case Kubeconfig.Accepted(var credentials) -> {
                assertThat(credentials.server().getScheme()).isEqualToIgnoringCase("https");
                assertThat(credentials.server().getHost()).isNotEmpty();
                assertThat(Expiry.of(credentials)).isNotNull();
            }
            case Kubeconfig.Refused(var reason) ->
                    assertThat(reason).matches("[\\w ,.:()\\[\\]'-]{5,150}");
        }
    }
}
