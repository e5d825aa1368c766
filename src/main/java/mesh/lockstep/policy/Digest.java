package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of a meaning, kept as four numbers: 48 bytes of heap for each policy that a peer
/// holds.
///
/// Digests are compared within one process only; two releases may digest the same policy
/// differently.
public record Digest(long first, long second, long third, long fourth) {

    /// A hash that was computed elsewhere.
    ///
    /// @param sha256 32 bytes
    public static Digest of(byte[] sha256) {
        var bytes = ByteBuffer.wrap(sha256);
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /// The first 12 hexadecimal digits: enough for a person to see whether two are equal.
    public String abbreviated() {
        return HexFormat.of().toHexDigits(first).substring(0, 12);
    }

    /// The digest of a policy's rules as they were sent, whatever they mean.
    ///
    /// @param object the policy
    public static Digest asSent(JsonNode object) {
        var rules = JsonNodeFactory.instance.objectNode();
        rules.set("spec", object.path("spec"));
        rules.set("specs", object.path("specs"));
        return TokenDigest.of(rules);
    }

    public String hexadecimal() {
        var hex = HexFormat.of();
        return hex.toHexDigits(first)
                + hex.toHexDigits(second)
                + hex.toHexDigits(third)
                + hex.toHexDigits(fourth);
    }

    /// A SHA-256 of nothing yet.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform is required to have it: java.security.MessageDigest, "must
            // support".
            throw new IllegalStateException(e);
        }
    }
}
