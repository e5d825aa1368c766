package mesh.lockstep.drift;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// A short name for a text, the same in every replica.
final class Hash {

    private static final int BYTES = 8;

    private Hash() {}

    /// 16 hexadecimal digits.
    static String of(String text) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var bytes = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, BYTES));
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform is required to have it.
            throw new IllegalStateException(e);
        }
    }
}
