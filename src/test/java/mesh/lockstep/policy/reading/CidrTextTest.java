package mesh.lockstep.policy.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTextTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "255.255.255.255/32, 255.255.255.255/32",
        "192.168.1.129/25, 192.168.1.128/25",
        "::/0, ::/0",
        "::1/128, ::1/128",
        "1::/16, 1::/16",
        "2001:DB8:0:0::1/32, 2001:db8::/32",
        "2001:db8:0:1:0:0:0:1/128, 2001:db8:0:1::1/128",
        "2001:0:0:1:0:0:0:1/128, 2001:0:0:1::1/128",
        "1:2:3:4:5:6:7:8/128, 1:2:3:4:5:6:7:8/128",
        "1:0:3:4:5:6:7:8/128, 1:0:3:4:5:6:7:8/128",
        "fe80::ffff/65, fe80::/65",
        "::ffff:10.0.0.0/104, ::ffff:a00:0/104",
        "::10.1.2.3/128, ::a01:203/128",
    })
    void writesABlockInOneWay(String written, String text) {
        assertThat(CidrText.block(written)).hasToString(text);
        assertThat(CidrText.block(text)).isEqualTo(CidrText.block(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/08",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0/8",
                "10.0.0.0.0/8",
                "10.0.0./8",
                ".0.0.0/8",
                "010.0.0.0/8",
                "256.0.0.0/8",
                "10.0.0.0/8/8",
                "::/129",
                ":::/0",
                "1::2::3/64",
                "1:2:3:4:5:6:7/64",
                "1:2:3:4:5:6:7:8:9/64",
                "1:2:3:4:5:6:7:8::/64",
                "12345::/64",
                "g::/64",
                "fe80::1%eth0/64",
                "::ffff:1.2.3/104",
                "1.2.3.4::/64",
                "99999999999999999999.0.0.0/8",
            })
    void takesNothingElse(String written) {
        assertThatThrownBy(() -> CidrText.block(written)).isInstanceOf(AsWrittenException.class);
    }
}
