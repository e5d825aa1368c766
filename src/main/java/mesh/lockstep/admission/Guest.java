package mesh.lockstep.admission;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import mesh.lockstep.admission.TurnedAway.Reason;
import org.jspecify.annotations.Nullable;

/// One connection to a port of ours, from when it was accepted. The first handler of its channel.
final class Guest extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<Guest> KEY = AttributeKey.valueOf(Guest.class, "guest");

    /// What a connection was good for, the least first.
    enum Use {
        NONE,
        IDLE,
        BUSY
    }

    private final Doorway doorway;
    private @Nullable Channel channel;
    private @Nullable ChannelHandlerContext first;
    private String address = "";
    private volatile @Nullable OneAtATime requests;
    private volatile long lastHeard = System.nanoTime();
    private boolean greeted;

    Guest(Doorway doorway) {
        this.doorway = doorway;
    }

    /// Notes that a connection has sent a request, and holds it to one at a time.
    static void asks(HttpServerRequest request) {
        var guest = of(request);
        if (guest != null) {
            guest.asks();
        }
    }

    /// Runs something, once, when the answer to a request is sent or nobody waits for it any more:
    /// Vert.x calls an answer ended when it is written. After [#asks].
    static void whenAnswered(RoutingContext context, Runnable then) {
        var guest = of(context.request());
        var known = guest == null ? null : guest.requests;
        if (known == null) {
            context.addEndHandler(_ -> then.run());
        } else {
            known.whenSent(then);
        }
    }

    /// Null where Vert.x was given a different transport: then there is no doorway.
    private static @Nullable Guest of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().attr(KEY).get();
    }

    /// Before what gets to know its requests: it is last.
    void asks() {
        if (requests == null && channel != null) {
            var added = new OneAtATime(this);
            requests = added;
            channel.pipeline().addBefore(channel.pipeline().lastContext().name(), null, added);
        }
    }

    Use use() {
        var known = requests;
        if (known == null) {
            return Use.NONE;
        }
        return known.isBusy() ? Use.BUSY : Use.IDLE;
    }

    /// Where it comes from, without the port.
    String address() {
        return address;
    }

    /// On the clock of [System#nanoTime].
    long lastHeard() {
        return lastHeard;
    }

    /// From here, not from the end of the pipeline: Vert.x closes a connection when all that it has
    /// written is sent, which is never where nobody reads.
    void turnAway(Reason reason) {
        var closing = first;
        if (closing != null && closing.channel().isOpen()) {
            doorway.turnedAway().connection(reason, port(closing.channel()), address);
            var _ = closing.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        first = context;
        channel.attr(KEY).set(this);
        if (channel.remoteAddress() instanceof InetSocketAddress remote) {
            address = remote.getAddress().getHostAddress();
        }
        doorway.enter(this);
        channel.closeFuture().addListener(_ -> doorway.leave(this));
        var waiting =
                context.executor()
                        .schedule(
                                this::goesUnlessItAsked,
                                doorway.patience().toMillis(),
                                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> waiting.cancel(false));
    }

    private void goesUnlessItAsked() {
        if (requests == null) {
            turnAway(Reason.SILENT);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        lastHeard = System.nanoTime();
        if (!greeted) {
            greeted = true;
            NoHttp2.holds(context.pipeline());
            var tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.handshakeFuture().addListener(this::notesHowTlsWent);
            }
        }
        context.fireChannelRead(bytes);
    }

    /// A client that just hangs up is not worth a line: load balancers check whether a port is
    /// open.
    private void notesHowTlsWent(Future<? super Channel> handshake) {
        if (channel != null && handshake.cause() instanceof SSLException problem) {
            doorway.turnedAway().tls(port(channel), address, problem);
        }
    }

    private static int port(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    }
}
