package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantedTimeTest {

    @ParameterizedTest
    @CsvSource({"3s, 3000", "10s, 10000", "2.5s, 2500", "0.25s, 250", "900ms, 900", "45s, 30000"})
    void readsWhatTheApiServerSends(String timeout, long milliseconds) {
        assertThat(GrantedTime.of(timeout)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "s", "soon", "-3s", "99999999999s", "3", "1h", "0s", "0.000s", "0ms"})
    void takesOurOwnLimitForWhatGrantsNothing(String timeout) {
        assertThat(GrantedTime.of(timeout)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void takesOurOwnLimitWhereNoneIsSent() {
        assertThat(GrantedTime.of(null)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void keepsAMarginForTheWayAndTheAnswer() {
        assertThat(GrantedTime.withoutMargin(Duration.ofSeconds(3)))
                .isEqualTo(Duration.ofMillis(2_500));
    }
}
