package mesh.lockstep.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import mesh.lockstep.apiserver.WatchEvent.Over;
import mesh.lockstep.apiserver.WatchEvent.Told;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Keep;
import mesh.lockstep.policy.TooLargeException;

/// The events of an open watch: JSON, one a line. What an event was read from is given back when
/// the next is waited for.
///
/// For one thread.
public final class WatchStream implements AutoCloseable {

    private static final int GONE = 410;

    /// The length of a resource version: API servers have numbers of 64 bits.
    private static final int LONGEST_VERSION = 253;

    private static final Over UNREADABLE = new Over.Failed("unreadable event");
    private static final Over IDLE = new Over.Failed("sends line breaks without events");

    /// What has to be known of an event that is passed over.
    private static final Keep GLANCE =
            Keep.only("type")
                    .and(
                            "object",
                            Keep.only("code")
                                    .and(
                                            "metadata",
                                            Keep.only("namespace", "name", "resourceVersion")));

    private final Exchange exchange;
    private final Keep.Only keep;
    private final Document line;
    private byte[] piece = {};
    private int position;
    private int size;

    /// @param object what is kept of each
    WatchStream(Exchange exchange, Keep.Only object, Intake intake) {
        this.exchange = exchange;
        keep = new Keep.Only(Map.of("type", Keep.WHOLE, "object", object.and("code", Keep.WHOLE)));
        line = Document.ofObject(intake, keep, Deadline.in(Duration.ZERO));
    }

    /// Waits for the next event; when the time is over, so is the watch.
    public WatchEvent next(Deadline deadline) throws InterruptedException {
        return next(deadline, Set.of());
    }

    /// The same; of events of these namespaces, no more than what they are and of what.
    public WatchEvent next(Deadline deadline, Set<String> passedOver) throws InterruptedException {
        line.clear();
        line.within(deadline);
        size = 0;
        try {
            while (!isLine()) {
                if (line.isEmpty() && size > Intake.LARGEST) {
                    return IDLE;
                }
                var next = exchange.next(line.deadline());
                if (next.isEmpty()) {
                    return new Over.Closed();
                }
                piece = Exchange.bytes(next.get());
                position = 0;
            }
            if (!passedOver.isEmpty()) {
                var glance = line.read(GLANCE);
                var metadata = glance.path("object").path("metadata");
                if (passedOver.contains(metadata.path("namespace").asText())) {
                    return event(glance);
                }
            }
            return event(line.read(keep));
        } catch (TooMuchException e) {
            return new Over.Failed(e.reason());
        } catch (TooLargeException e) {
            return new Over.Failed(e.reason());
        } catch (JsonProcessingException | CharacterCodingException e) {
            return UNREADABLE;
        } catch (IOException e) {
            return new Over.Closed();
        }
    }

    /// The size of the last event with what was before it, in bytes.
    public int size() {
        return size;
    }

    /// Takes of the piece what belongs to the line. Empty lines are none.
    ///
    /// @return whether it is whole
    private boolean isLine() throws IOException, InterruptedException {
        while (position < piece.length) {
            int end = position;
            while (end < piece.length && piece[end] != '\n') {
                end++;
            }
            line.add(piece, position, end);
            size += Math.min(end + 1, piece.length) - position;
            position = end + 1;
            if (end < piece.length && !line.isEmpty()) {
                return true;
            }
        }
        return false;
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
        var version = told.object().path("metadata").path("resourceVersion").asText();
        return version.isEmpty() || version.length() > LONGEST_VERSION ? UNREADABLE : told;
    }

    private static WatchEvent error(int code) {
        return code == GONE
                ? new Over.Expired()
                : new Over.Failed("watch ended by the peer (" + code + ")");
    }

    @Override
    public void close() {
        line.close();
        exchange.close();
    }
}
