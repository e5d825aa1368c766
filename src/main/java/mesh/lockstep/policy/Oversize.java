package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.node.TextNode;

/// What takes the place, in a tree, of rules that break the bounds of reading: a text with their
/// digest. Two are equal where the rules were sent alike, as API servers do with what is the same:
/// they sort keys. So a policy that is too large is still compared, at no more cost than its text.
public final class Oversize extends TextNode {

    private static final long serialVersionUID = 1;

    private final String reason;

    Oversize(String reason, Digest digest) {
        super("%s, SHA-256 %s".formatted(reason, digest.hexadecimal()));
        this.reason = reason;
    }

    /// Why such a policy is compared as written, for people.
    public String reason() {
        return reason;
    }
}
