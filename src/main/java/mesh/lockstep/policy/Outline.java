package mesh.lockstep.policy;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What can be told of an object that breaks the bounds of reading, by its brackets and quotes
/// alone: of a policy, what it is known by, and a digest of its rules as they were sent. So it is
/// still known that it is there, and it is compared.
///
/// Takes the object piece by piece, in any length, and keeps of each of a few fields 20 KiB at
/// most.
///
/// For one thread.
public final class Outline {

    /// Why the policy is compared as it was sent, for people.
    static final String REASON = "too large or too deep to be read";

    /// Bytes of a key, and of a value that is kept: the names of 511 members, the most that a mesh
    /// has, take 17 KB.
    private static final int LONGEST = 20 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Keep.Only keep;
    private final Deque<Level> open = new ArrayDeque<>();
    private @Nullable ObjectNode object;

    /// The key or value that comes, as far as it matters.
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    /// The digest of the rules that come.
    private final MessageDigest sha256 = Digest.sha256();

    /// What of the value that comes is kept; nothing while a key comes.
    private @Nullable Keep kept;

    private boolean isKey;
    private boolean isTooLong;
    private boolean quoted;
    private boolean escaped;

    /// How many brackets are open in the value that comes.
    private int depth;

    /// An object of which fields are kept, as far as it has come.
    private static final class Level {

        private final Keep.Only keep;
        private final ObjectNode object = NODES.objectNode();
        private String field = "";

        Level(Keep.Only keep) {
            this.keep = keep;
        }
    }

    /// @param keep of the object; in the place of what is too long to be kept, there is an empty
    ///   object
    public Outline(Keep.Only keep) {
        this.keep = keep;
    }

    /// Takes the next piece.
    ///
    /// @throws IOException if it cannot be an object in JSON
    public void add(byte[] piece, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            add(piece[i]);
        }
    }

    private void add(byte next) throws IOException {
        if (quoted) {
            quote(next);
            return;
        }
        switch (next) {
            case ' ', '\t', '\r', '\n' -> {}
            case '"' -> {
                quoted = true;
                take(next);
            }
            case '{', '[' -> begin(next);
            case '}', ']' -> {
                if (depth == 0) {
                    close();
                } else {
                    depth--;
                    take(next);
                }
            }
            case ',', ':' -> {
                if (depth > 0) {
                    take(next);
                } else if (next == ':') {
                    key();
                } else {
                    value();
                    isKey = true;
                }
            }
            default -> take(next);
        }
    }

    private void quote(byte next) throws IOException {
        take(next);
        if (escaped) {
            escaped = false;
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"') {
            quoted = false;
        }
    }

    private void take(byte next) throws IOException {
        if (open.isEmpty()) {
            throw new JsonParseException(null, "not one object");
        }
        if (kept instanceof Keep.Rules) {
            sha256.update(next);
        } else if (isKey || kept != null) {
            isTooLong |= text.size() == LONGEST;
            if (!isTooLong) {
                text.write(next);
            }
        }
    }

    private void begin(byte next) throws IOException {
        if (next == '{' && depth == 0 && text.size() == 0) {
            if (open.isEmpty() && object == null) {
                open(keep);
                return;
            }
            if (kept instanceof Keep.Only only) {
                open(only);
                return;
            }
        }
        depth++;
        take(next);
    }

    private void open(Keep.Only only) {
        open.push(new Level(only));
        isKey = true;
        kept = null;
    }

    private void close() throws IOException {
        if (open.isEmpty()) {
            throw new JsonParseException(null, "not one object");
        }
        if (!isKey || text.size() > 0) {
            value();
        }
        isKey = false;
        var whole = open.pop().object;
        if (open.isEmpty()) {
            object = whole;
        } else {
            set(whole);
        }
    }

    private void key() throws IOException {
        var level = open.peek();
        if (level == null || !isKey) {
            throw new JsonParseException(null, "a colon without a key");
        }
        level.field = isTooLong ? "" : read().asText();
        kept = isTooLong ? null : level.keep.fields().get(level.field);
        isKey = false;
        forget();
    }

    /// The value that came is over.
    private void value() throws IOException {
        if (isKey) {
            throw new JsonParseException(null, "a key without a value");
        }
        switch (kept) {
            case Keep.Rules _ -> set(new Oversize(REASON, Digest.of(sha256.digest())));
            case Keep.Only _, Keep.Whole _ -> set(isTooLong ? NODES.objectNode() : read());
            case Keep.Each _, Keep.Beginning _ -> {}
            case null -> {}
        }
        kept = null;
        forget();
    }

    private void forget() {
        text.reset();
        isTooLong = false;
    }

    private JsonNode read() throws IOException {
        try {
            return StrictJson.read(text.toByteArray(), Keep.WHOLE);
        } catch (TooLargeException | StreamConstraintsException e) {
            return NODES.objectNode();
        }
    }

    private void set(JsonNode value) throws JsonParseException {
        var level = open.element();
        if (level.object.replace(level.field, value) != null) {
            throw new JsonParseException(null, "a key twice");
        }
        kept = null;
    }

    /// What is kept of the object, when all of it has come.
    ///
    /// @throws IOException if it is not whole
    public JsonNode object() throws IOException {
        if (object == null) {
            throw new JsonParseException(null, "not one object");
        }
        return object;
    }
}
