package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.node.TextNode;

/// What stands in a tree for rules that are too large to become one: a text with their digest. Two
/// are equal where the rules were sent alike, as API servers do with what is the same: they sort
/// keys. So a policy that is too large is still compared, at no more cost than its text.
public final class Oversize extends TextNode {

    private static final long serialVersionUID = 1;

    /// Why such a policy is compared as written, for people.
    public static final String REASON = "more than %,d values".formatted(StrictJson.MAX_NODES);

    Oversize(Digest digest) {
        super("%s, SHA-256 %s".formatted(REASON, digest.hexadecimal()));
    }
}
