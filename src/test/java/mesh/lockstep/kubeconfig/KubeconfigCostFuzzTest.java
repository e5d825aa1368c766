package mesh.lockstep.kubeconfig;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mesh.lockstep.kubeconfig.Kubeconfig.Accepted;
import mesh.lockstep.support.Growth;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever kubeconfig is read: as it grows, or the PEM that it has in base64, so does what it
/// costs, and no more; and the stack that it takes does not.
@Tag("slow")
class KubeconfigCostFuzzTest {

    /// Bytes. Ten times as many are almost as many as are read.
    private static final int SIZE = 20_000;

    private static final Pattern DATA = Pattern.compile("(?<=data: ['\"]?)[A-Za-z0-9+/]{8,}=*");

    static Stream<byte[]> seeds() {
        return KubeconfigFuzzTest.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void costsAsMuchAsItIsLong(byte[] file) {
        var at = Growth.place(file);
        Growth.isBounded(SIZE, size -> reading(Growth.repeated(file, at, size)));
        Growth.isBounded(SIZE, size -> reading(withMoreData(file, at, size)));
    }

    private static Runnable reading(byte[] file) {
        return () -> {
            if (Kubeconfig.read(ByteBuffer.wrap(file)) instanceof Accepted(var credentials)) {
                Expiry.of(credentials);
            }
        };
    }

    /// With larger PEM in it.
    private static byte[] withMoreData(byte[] file, long place, int size) {
        return DATA.matcher(new String(file, UTF_8))
                .replaceAll(data -> grown(data, place, size / 4))
                .getBytes(UTF_8);
    }

    private static String grown(MatchResult data, long place, int size) {
        try {
            var pem = Base64.getDecoder().decode(data.group().getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(Growth.repeated(pem, place, size));
        } catch (IllegalArgumentException e) {
            return data.group();
        }
    }
}
