package mesh.lockstep.policy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A text of at most a page, however long it was before: itself if it is short, else its beginning,
/// its length and its SHA-256. Two are equal when, and only when, the whole texts are.
///
/// What many statements have in common, as the subject of a policy, so costs little to keep, to
/// compare and to digest again and again.
public final class Abridged {

    /// Characters up to which a text stays as it is. A longer one is longer than that even when
    /// abridged, so the two kinds are never mistaken for each other.
    static final int MAX = 1000;

    private static final int BYTES_AT_ONCE = 8192;

    private final int max;

    private final StringBuilder beginning = new StringBuilder();
    private long length;
    private @Nullable MessageDigest sha256;

    Abridged() {
        this(MAX);
    }

    /// @param max characters up to which the text stays as it is
    Abridged(int max) {
        this.max = max;
    }

    public static String of(String text) {
        return text.length() <= MAX ? text : new Abridged().append(text).toString();
    }

    /// Goes on with this. The whole is never kept.
    Abridged append(String text) {
        length += text.length();
        if (length <= max) {
            beginning.append(text);
            return this;
        }
        var digest = sha256;
        if (digest == null) {
            digest = Digest.sha256();
            update(digest, beginning);
            beginning.append(text, 0, max - beginning.length());
            sha256 = digest;
        }
        update(digest, text);
        return this;
    }

    /// By code units: UTF-8 has no way to write a half of a surrogate pair.
    private static void update(MessageDigest digest, CharSequence text) {
        var bytes = ByteBuffer.allocate(Math.min(BYTES_AT_ONCE, text.length() * Character.BYTES));
        for (int i = 0; i < text.length(); i++) {
            bytes.putChar(text.charAt(i));
            if (!bytes.hasRemaining()) {
                digest.update(bytes.flip());
                bytes.clear();
            }
        }
        digest.update(bytes.flip());
    }

    /// The text; nothing is to be appended after that.
    @Override
    public String toString() {
        var digest = sha256;
        return digest == null
                ? beginning.toString()
                : beginning
                        + "… (%d characters, SHA-256 %s)"
                                .formatted(length, HexFormat.of().formatHex(digest.digest()));
    }
}
