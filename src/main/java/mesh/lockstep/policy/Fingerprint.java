package mesh.lockstep.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Half of a SHA-256: 16 bytes that stand for a version of a policy, or for its name, where many of
/// them are kept.
///
/// Ordered by its bytes. Whoever writes policies can give thousands of them one hash code; maps
/// find those by their order.
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {

    /// Bytes of one.
    public static final int SIZE = 2 * Long.BYTES;

    private static final byte ALL = 0;
    private static final byte LOCAL = 1;
    private static final byte ONLY = 2;

    /// The fingerprint of what a version means and which members it is meant for.
    public static Fingerprint of(Version version) {
        var digest = version.digest();
        var head =
                ByteBuffer.allocate(4 * Long.BYTES + 1)
                        .putLong(digest.first())
                        .putLong(digest.second())
                        .putLong(digest.third())
                        .putLong(digest.fourth());
        return of(head, version.members());
    }

    /// The fingerprint of the members that a policy is meant for.
    public static Fingerprint of(Members members) {
        return of(ByteBuffer.allocate(1), members);
    }

    private static Fingerprint of(ByteBuffer head, Members members) {
        // Names of clusters have no comma.
        return switch (members) {
            case Members.All _ -> of(head.put(ALL), "");
            case Members.Local _ -> of(head.put(LOCAL), "");
            case Members.Only only -> of(head.put(ONLY), only.toString());
        };
    }

    /// The fingerprint of a policy's kind, namespace and name.
    public static Fingerprint of(PolicyKey key) {
        // None of the three has a line break.
        return of(String.join("\n", key.kind().plural(), key.namespace(), key.name()));
    }

    public static Fingerprint of(String text) {
        return of(ByteBuffer.allocate(0), text);
    }

    private static Fingerprint of(ByteBuffer head, String text) {
        var sha256 = Digest.sha256();
        sha256.update(head.flip());
        return read(ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.UTF_8))));
    }

    /// Takes the next [#SIZE] bytes.
    public static Fingerprint read(ByteBuffer bytes) {
        return new Fingerprint(bytes.getLong(), bytes.getLong());
    }

    /// Appends [#SIZE] bytes.
    public void write(ByteBuffer bytes) {
        bytes.putLong(high).putLong(low);
    }

    @Override
    public int compareTo(Fingerprint other) {
        var byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }
}
