package mesh.lockstep.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mesh.lockstep.peers.PeerStatus;

/// The state of the peers, as kubectl would show it.
final class PeersTable {

    private static final List<String> HEADER =
            List.of(
                    "NAME",
                    "STATE",
                    "SINCE",
                    "LAST HEARD",
                    "POLICIES",
                    "CREDENTIAL EXPIRES",
                    "CERTIFICATE EXPIRES",
                    "REASON");
    private static final String GAP = "   ";

    private PeersTable() {}

    static String of(List<PeerStatus> statuses, Instant now) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADER);
        statuses.forEach(status -> rows.add(row(status, now)));
        var widths =
                IntStream.range(0, HEADER.size())
                        .map(
                                i ->
                                        rows.stream()
                                                .mapToInt(row -> row.get(i).length())
                                                .max()
                                                .orElse(0))
                        .toArray();
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                        .mapToObj(i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
                        .collect(Collectors.joining(GAP))
                        .stripTrailing()
                + "\n";
    }

    private static List<String> row(PeerStatus status, Instant now) {
        var standing = status.standing();
        return List.of(
                status.peer().value(),
                standing.state(),
                time(Duration.between(status.since(), now)),
                status.lastHeard()
                        .map(instant -> time(Duration.between(instant, now)))
                        .orElse("never"),
                Integer.toString(
                        status.policies().values().stream().mapToInt(count -> count).sum()),
                status.expires()
                        .map(expiry -> left(Duration.between(now, expiry)))
                        .orElse("unknown"),
                status.certificateExpires()
                        .map(expiry -> left(Duration.between(now, expiry)))
                        .orElse("unknown"),
                status.reason());
    }

    private static String left(Duration time) {
        return time.isNegative() ? time(time.negated()) + " ago" : time(time);
    }

    /// Two digits or so: `12s`, `5m`, `3h`, `41d`.
    private static String time(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 2 * 3600) {
            return time.toMinutes() + "m";
        }
        return seconds < 2 * 86_400 ? time.toHours() + "h" : time.toDays() + "d";
    }
}
