package mesh.lockstep.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import mesh.lockstep.support.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is in a peer's kubeconfig, it is used or refused as a whole, for a reason that shows
/// nothing of it.
class BadKubeconfigsTest {

    static List<BadInput> cases() {
        return BadInput.of("kubeconfigs");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answers(BadInput input) {
        var read = Kubeconfig.read(ByteBuffer.wrap(BadKubeconfigs.file(input)));

        assertThat(answer(read)).isEqualTo(input.answer().textValue());
        assertThat(read.toString()).doesNotContain(BadInput.SECRET).doesNotContain("PRIVATE KEY");
    }

    @Test
    void knowsManyCases() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(190);
    }

    private static String answer(Kubeconfig read) {
        return switch (read) {
            case Kubeconfig.Accepted _ -> "accepted";
            case Kubeconfig.Refused(var reason) -> reason;
        };
    }
}
