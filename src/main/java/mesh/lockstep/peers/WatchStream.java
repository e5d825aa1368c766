package mesh.lockstep.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import mesh.lockstep.peers.WatchEvent.Over;
import mesh.lockstep.peers.WatchEvent.Told;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.StrictJson;

/// The events of an open watch: JSON, one a line.
final class WatchStream implements AutoCloseable {

    private static final int GONE = 410;

    private static final Over UNREADABLE = new Over.Failed("unreadable event");

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
                if (unfinished.size() > MAX_LINE) {
                    return UNREADABLE;
                }
            }
        } catch (IOException e) {
            return new Over.Closed();
        }
        try {
            return event(StrictJson.read(lines.remove()));
        } catch (IOException e) {
            return UNREADABLE;
        }
    }

    private void split(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next != '\n') {
                unfinished.write(next);
            } else if (unfinished.size() > 0) {
                lines.add(unfinished.toByteArray());
                unfinished.reset();
            }
        }
    }

    private static WatchEvent event(JsonNode event) {
        var object = event.path("object");
        return switch (event.path("type").asText()) {
            case "ADDED", "MODIFIED" -> told(new Told.Present(object));
            case "DELETED" -> told(new Told.Deleted(object));
            case "BOOKMARK" -> told(new Told.Bookmark(object));
            case "ERROR" -> error(object.path("code").asInt());
            default -> UNREADABLE;
        };
    }

    /// Without its version we would not know where to go on.
    private static WatchEvent told(Told told) {
        var version = told.object().path("metadata").path("resourceVersion");
        return version.asText().isEmpty() ? UNREADABLE : told;
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
