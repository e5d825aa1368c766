package mesh.lockstep.policy;

import java.nio.ByteBuffer;

/// The SHA-256 of a meaning, kept as four numbers: 48 bytes of heap for each policy that a peer
/// holds.
///
/// Digests are compared within one process only; two releases may digest the same policy
/// differently.
public record Digest(long first, long second, long third, long fourth) {

    /// @param sha256 32 bytes
    static Digest of(byte[] sha256) {
        var bytes = ByteBuffer.wrap(sha256);
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /// The first 12 hexadecimal digits: enough for a person to see whether two are equal.
    public String abbreviated() {
        return "%016x".formatted(first).substring(0, 12);
    }
}
