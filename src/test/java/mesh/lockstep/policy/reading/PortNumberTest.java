package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples are those of Go's `strconv.ParseUint(s, 0, 16)`.
class PortNumberTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "00, 0",
        "1, 1",
        "80, 80",
        "65535, 65535",
        "010, 8",
        "0120, 80",
        "0_7, 7",
        "1_0, 10",
        "6_5_5_3_5, 65535",
        "0x50, 80",
        "0X_50, 80",
        "0xfFfF, 65535",
        "0o17, 15",
        "0b101, 5",
        "0b_1_0, 2",
    })
    void readsNumbersAsGoDoes(String written, int number) {
        assertThat(PortNumber.parse(written)).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "65536",
                "0x10000",
                "08",
                "080",
                "1__0",
                "_1",
                "1_",
                "0_",
                "0x",
                "0b",
                "0b2",
                "0o8",
                "0x_",
                "0b__1",
                "x50",
                "1.0",
                "1e3",
                "٣",
                "99999999999999999999",
            })
    void readsNothingElse(String written) {
        assertThat(PortNumber.parse(written)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "HTTP", "0x50", "8080tcp", "a", "a-b-1", "abcdefghijklmno"})
    void knowsNames(String written) {
        assertThat(PortNumber.isName(written)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "80", "-a", "a-", "a--b", "a_b", "1-2", "abcdefghijklmnop", "0x_50"})
    void recognizesWhatIsNotAName(String written) {
        assertThat(PortNumber.isName(written)).isFalse();
    }
}
