package mesh.lockstep.admission;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.admission.TurnedAway.Reason;
import org.jspecify.annotations.Nullable;

/// Lets a connection have one request in progress. One that sends another before the last answer
/// has been sent is closed: no API server, kubelet, Prometheus or browser does that, and Vert.x
/// would keep all requests, and their answers, for as long as nobody reads them. One that does not
/// read an answer in time is closed as well.
///
/// It is added while the first request is being received.
final class OneAtATime extends ChannelDuplexHandler {

    /// Within this time an answer is on its way, all of it: no API server waits for longer than
    /// three seconds, and Prometheus for ten.
    static final Duration TAKEN = Duration.ofSeconds(10);

    private final Guest guest;
    private @Nullable Future<?> waiting;
    private @Nullable Runnable then;
    private volatile boolean busy = true;
    private boolean over;
    private boolean gone;

    OneAtATime(Guest guest) {
        this.guest = guest;
    }

    /// Whether a request has not been answered, or not all of the answer has been sent.
    boolean isBusy() {
        return busy;
    }

    /// Runs something, once, when the answer to the request that has come is sent or nobody waits
    /// for it any more. To be called on the connection's thread.
    void whenSent(Runnable then) {
        this.then = then;
        if (gone) {
            goOn();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        gone = true;
        goOn();
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
        if (isInformational(message)) {
            var _ = context.write(message, promise);
            return;
        }
        if (waiting == null) {
            waiting =
                    context.executor()
                            .schedule(
                                    () -> guest.turnAway(Reason.UNREAD),
                                    TAKEN.toMillis(),
                                    TimeUnit.MILLISECONDS);
        }
        var sending = promise.unvoid();
        if (message instanceof LastHttpContent) {
            sending.addListener(_ -> sent());
        }
        var _ = context.write(message, sending);
    }

    /// Vert.x calls an answer ended when it has been written, however much of it waits here.
    private void sent() {
        busy = false;
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
        goOn();
    }

    private void goOn() {
        var next = then;
        then = null;
        if (next != null) {
            next.run();
        }
    }

    /// `100 Continue` is not an answer.
    private static boolean isInformational(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
