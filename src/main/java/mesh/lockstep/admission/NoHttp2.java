package mesh.lockstep.admission;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.impl.Http1xOrH2CHandler;

/// Keeps a connection in the clear at HTTP/1.1: of HTTP/2, Vert.x would answer many requests at
/// once, whatever [OneAtATime] says. Quarkus lets nobody turn it off at the management port.
///
/// It waits behind the handler by which Vert.x finds out what is spoken: what reaches it comes when
/// that is decided, and before anything else has seen it.
final class NoHttp2 extends ChannelInboundHandlerAdapter {

    /// The name that Vert.x gives to the handler that upgrades (`HttpServerWorker`).
    private static final String UPGRADING = "h2c";

    /// To be called before the first bytes are let through. Where Vert.x has no choice, as with
    /// TLS, there is nothing to do.
    static void holds(ChannelPipeline pipeline) {
        var choosing = pipeline.context(Http1xOrH2CHandler.class);
        if (choosing != null) {
            pipeline.addAfter(choosing.name(), null, new NoHttp2());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        var pipeline = context.pipeline();
        if (pipeline.get(UPGRADING) == null) {
            ReferenceCountUtil.release(bytes);
            var _ = context.close();
            return;
        }
        pipeline.addBefore(UPGRADING, null, new NoUpgrade());
        pipeline.remove(this);
        context.fireChannelRead(bytes);
    }

    /// A server that does not want to upgrade goes on as if it had not been asked (RFC 9110, 7.8).
    private static final class NoUpgrade extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }
    }
}
