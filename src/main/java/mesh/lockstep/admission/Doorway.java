package mesh.lockstep.admission;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The connections to a port, and which of them are closed when there are too many: a stranger who
/// opens connections endlessly closes its own, not the port.
///
/// Netty's handler of the socket that listens.
final class Doorway extends ChannelInboundHandlerAdapter {

    /// An API server keeps 25 idle connections, and has at most 200 changes in progress by default.
    static final int CONNECTIONS = 1_000;

    /// Within this time after it was accepted, TLS included, a connection has sent its first
    /// request: no API server waits longer than three seconds for the answer.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int most;
    private final Duration patience;
    private final TurnedAway turnedAway;
    private final Set<Guest> guests = new HashSet<>();

    Doorway(int most, Duration patience, TurnedAway turnedAway) {
        this.most = most;
        this.patience = patience;
        this.turnedAway = turnedAway;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        ((Channel) accepted).pipeline().addLast(new Guest(this));
        context.fireChannelRead(accepted);
    }

    Duration patience() {
        return patience;
    }

    TurnedAway turnedAway() {
        return turnedAway;
    }

    synchronized void enter(Guest guest) {
        if (guests.size() >= most) {
            var first = guests.stream().min(firstToGo(guest)).orElseThrow();
            guests.remove(first);
            first.turnAway(TurnedAway.Reason.CROWDED);
        }
        guests.add(guest);
    }

    synchronized void leave(Guest guest) {
        guests.remove(guest);
    }

    synchronized int guests() {
        return guests.size();
    }

    /// One from an address with more connections than an equal share, or than a tenth of all
    /// places, whichever is more; of those, one that never sent a request before one that is idle
    /// before one that waits for an answer; of those, one from the address with the most
    /// connections, silent for longest.
    ///
    /// Otherwise many strangers with one connection each would push out the API servers'.
    private Comparator<Guest> firstToGo(Guest coming) {
        Map<String, Long> from =
                Stream.concat(Stream.of(coming), guests.stream())
                        .collect(Collectors.groupingBy(Guest::address, Collectors.counting()));
        var share = Math.max(most / from.size(), most / 10);
        return Comparator.comparing(
                        (Guest guest) -> from.getOrDefault(guest.address(), 0L) > share,
                        Comparator.reverseOrder())
                .thenComparing(Guest::use)
                .thenComparing(
                        guest -> from.getOrDefault(guest.address(), 0L), Comparator.reverseOrder())
                .thenComparingLong(Guest::lastHeard);
    }
}
