package mesh.lockstep.apiserver;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.ReadingRoom;

/// Cuts a page of a list into its items as it arrives, by brackets and quotes alone: each is read
/// when it is whole, and not kept. What is around them remains of the page, with a 0 in place of
/// each item, and is read as strictly.
///
/// For one thread.
final class ListPage implements AutoCloseable {

    static final Keep AROUND =
            new Keep.Only(
                    Map.of(
                            "metadata",
                            Keep.only("resourceVersion", "continue"),
                            "items",
                            Keep.WHOLE));

    /// Ordinary: a peer has one large document at a time, and that is an item.
    private static final int MOST_AROUND = ReadingRoom.ORDINARY;

    private static final byte[] IN_PLACE = {'0'};
    private static final String ITEMS = "items";

    private final Document item;
    private final Document around;
    private final Keep keep;
    private final long most;
    private final int mostItems;
    private final Consumer<JsonNode> items;

    /// The last text in the outermost object, no longer than it counts, and whether it is a key.
    private final StringBuilder text = new StringBuilder();

    private boolean isItems;
    private boolean inItems;
    private boolean inItem;
    private boolean quoted;
    private boolean escaped;
    private int depth;
    private long length;
    private int count;

    /// @param keep of each item
    /// @param most bytes
    /// @param mostItems that were asked for
    ListPage(
            Intake intake,
            Keep.Only keep,
            long most,
            int mostItems,
            Consumer<JsonNode> items,
            Deadline deadline) {
        this(
                Document.ofObject(intake, keep, deadline),
                intake,
                keep,
                most,
                mostItems,
                items,
                deadline);
    }

    private ListPage(
            Document item,
            Intake intake,
            Keep keep,
            long most,
            int mostItems,
            Consumer<JsonNode> items,
            Deadline deadline) {
        this.item = item;
        around =
                new Document(
                        intake, MOST_AROUND, "a list with more than 64 KiB around it", deadline);
        this.keep = keep;
        this.most = most;
        this.mostItems = mostItems;
        this.items = items;
    }

    /// A list of objects of a kind that Lockstep writes itself, kept whole or, where they are too
    /// large for a tree, as text.
    static ListPage ofOwn(
            Intake intake, long most, int mostItems, Consumer<JsonNode> items, Deadline deadline) {
        var item = Document.ofOwn(intake, deadline);
        return new ListPage(item, intake, Keep.RULES, most, mostItems, items, deadline);
    }

    /// By when the next piece has to come.
    Deadline deadline() {
        return item.deadline();
    }

    void add(byte[] piece) throws IOException, InterruptedException {
        length += piece.length;
        if (length > most) {
            throw new TooMuchException("a page of more than %d MiB".formatted(most >> 20));
        }
        int from = 0;
        for (int i = 0; i < piece.length; i++) {
            byte next = piece[i];
            if (quoted) {
                quote(next);
                continue;
            }
            switch (next) {
                case '"' -> {
                    quoted = true;
                    text.setLength(0);
                }
                case ':' -> isItems = depth == 1 && text.toString().equals(ITEMS);
                case '{', '[' -> {
                    if (inItems && depth == 2) {
                        around.add(piece, from, i);
                        around.add(IN_PLACE, 0, 1);
                        from = i;
                        inItem = true;
                    }
                    inItems |= depth == 1 && next == '[' && isItems;
                    depth++;
                }
                case '}', ']' -> {
                    depth--;
                    if (inItem && depth == 2) {
                        item.add(piece, from, i + 1);
                        from = i + 1;
                        inItem = false;
                        handOver();
                    } else if (depth == 1) {
                        inItems = false;
                    }
                }
                default -> {}
            }
        }
        (inItem ? item : around).add(piece, from, piece.length);
    }

    private void quote(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '"') {
            quoted = false;
        } else if (next == '\\') {
            escaped = true;
        }
        if (quoted && depth == 1 && text.length() <= ITEMS.length()) {
            text.append((char) next);
        }
    }

    private void handOver() throws IOException, InterruptedException {
        count++;
        if (count > mostItems) {
            throw new TooMuchException("a page of more items than asked for");
        }
        items.accept(item.read(keep));
        item.clear();
    }

    /// What was around the items, when all has arrived. Items that cannot be objects are kept among
    /// it as they are; the others are zeros.
    JsonNode around() throws IOException, InterruptedException {
        var page = around.read(AROUND);
        if (!page.isObject()) {
            throw new JsonParseException(null, "not an object");
        }
        return page;
    }

    @Override
    public void close() {
        item.close();
        around.close();
    }
}
