package mesh.lockstep.admission;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import mesh.lockstep.admission.TurnedAway.Reason;

/// Lets a connection have one request under way. Who sends another before the answer to the last
/// has been sent is closed: no API server, kubelet, Prometheus or browser does, and Vert.x would
/// keep all of them, and what they are answered, for as long as nobody reads it.
///
/// It is added while the first request is being received.
final class OneAtATime extends ChannelDuplexHandler {

    private final Guest guest;
    private volatile boolean busy = true;
    private boolean over;

    OneAtATime(Guest guest) {
        this.guest = guest;
    }

    /// Whether a request has not been answered.
    boolean isBusy() {
        return busy;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!over && message instanceof HttpRequest) {
            over = busy;
            busy = true;
            if (over) {
                guest.turnAway(Reason.PIPELINED);
            }
        }
        if (over) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInformational(message)) {
            busy = false;
        }
        var _ = context.write(message, promise);
    }

    /// `100 Continue` is no answer.
    private static boolean isInformational(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
