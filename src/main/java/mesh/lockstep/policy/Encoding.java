package mesh.lockstep.policy;

import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import mesh.lockstep.policy.Ports.All;
import mesh.lockstep.policy.Ports.Backward;
import mesh.lockstep.policy.Ports.Named;
import mesh.lockstep.policy.Ports.Numbered;
import mesh.lockstep.policy.Statement.Reach;
import mesh.lockstep.policy.Statement.Said;
import mesh.lockstep.policy.Statement.Traffic;

/// Statements on their way into a digest, so that no two sets of them are written alike: what may
/// be of several kinds says of which it is, and whatever has a length, how long it is.
final class Encoding {

    private static final int BYTES_AT_ONCE = 2048;

    private final MessageDigest sha256 = Digest.sha256();
    private final byte[] bytes = new byte[BYTES_AT_ONCE];
    private int length;

    private Encoding() {}

    static Digest of(SortedSet<Statement> statements) {
        var encoding = new Encoding();
        encoding.number(statements.size());
        statements.forEach(encoding::statement);
        encoding.flush();
        return Digest.of(encoding.sha256.digest());
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Said(var words) -> {
                number(0);
                texts(words);
            }
            case Reach(var subject, var verdict, var peers, var traffic) -> {
                number(1);
                texts(List.of(subject, verdict));
                number(peers.size());
                for (var peer : peers) {
                    number(peer.kind());
                    text(peer.text());
                }
                number(traffic.size());
                traffic.forEach(this::traffic);
            }
        }
    }

    private void traffic(Traffic traffic) {
        switch (traffic.ports()) {
            case All() -> number(0);
            case Named(var protocol, var name, var last) -> {
                number(1);
                texts(List.of(protocol, name));
                number(last);
            }
            case Numbered(var protocol, var ranges) -> {
                number(2);
                text(protocol);
                number(ranges.size());
                for (var range : ranges) {
                    number(range.first());
                    number(range.last());
                }
            }
            case Backward(var protocol, var port, var last) -> {
                number(3);
                text(protocol);
                number(port);
                number(last);
            }
        }
        texts(traffic.conditions());
    }

    private void texts(Collection<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
    }

    /// Each code unit by itself, as UTF-8 has no way to write a half of a surrogate pair.
    private void text(String text) {
        number(text.length());
        for (int i = 0; i < text.length(); i++) {
            makeRoom();
            var unit = text.charAt(i);
            if (unit >= 0x80) {
                bytes[length++] = (byte) 0x80;
                bytes[length++] = (byte) (unit >> Byte.SIZE);
            }
            bytes[length++] = (byte) unit;
        }
    }

    private void number(int number) {
        makeRoom();
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (number >> shift);
        }
    }

    /// For a number or a code unit.
    private void makeRoom() {
        if (bytes.length - length < Integer.BYTES) {
            flush();
        }
    }

    private void flush() {
        sha256.update(bytes, 0, length);
        length = 0;
    }
}
