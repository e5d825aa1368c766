package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import mesh.lockstep.peers.WatchEvent.Over;
import mesh.lockstep.peers.WatchEvent.Told;
import mesh.lockstep.policy.StrictJson;

/// The events of an open watch: JSON, one a line.
final class WatchStream implements AutoCloseable {

    private static final int GONE = 410;

    /// An API server keeps no object of more than 3 MiB.
    private static final int MAX_LINE = 8 * 1024 * 1024;

    private final Exchange exchange;
    private final Queue<byte[]> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    WatchStream(Exchange exchange) {
        this.exchange = exchange;
    }

    /// Waits for the next event; when the time is over, the watch is, too.
    WatchEvent next(Deadline deadline) throws InterruptedException {
        try {
            while (lines.isEmpty()) {
                var piece = exchange.next(deadline);
                if (piece.isEmpty()) {
                    return new Over.Closed();
                }
                split(piece.get());
            }
        } catch (IOException e) {
            return new Over.Closed();
        }
        try {
            return event(StrictJson.read(lines.remove()));
        } catch (IOException e) {
            return new Over.Failed("unreadable event");
        }
    }

    private void split(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next != '\n') {
                unfinished.write(next);
            } else if (unfinished.size() > 0) {
                lines.add(unfinished.toByteArray());
                unfinished.reset();
            }
        }
        if (unfinished.size() > MAX_LINE) {
            throw new IOException("an event of more than " + MAX_LINE + " bytes");
        }
    }

    private static WatchEvent event(JsonNode event) {
        var object = event.path("object");
        return switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> new Told.Present(object);
            case "DELETED" -> new Told.Deleted(object);
            case "BOOKMARK" -> new Told.Bookmark(object);
            case "ERROR" -> error(object.path("code").asInt());
            default -> new Over.Failed("unreadable event");
        };
    }

    private static WatchEvent error(int code) {
        return code == GONE
                ? new Over.Expired()
                : new Over.Failed("watch ended by the peer (" + code + ")");
    }

    @Override
    public void close() {
        exchange.close();
    }
}
