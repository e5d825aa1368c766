package mesh.lockstep.admission;

import io.netty.bootstrap.ServerBootstrap;
import io.quarkus.arc.Arc;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;

/// Puts a [Doorway] before each port that this process listens at.
///
/// Named in `META-INF/services`. Vert.x tells a server of connections only when they have passed
/// TLS, and Quarkus lets nobody else hear of them: a transport is what sees each from its start.
public final class GuardedServers implements VertxServiceProvider {

    @Override
    public void init(VertxBuilder builder) {
        if (JDKTransport.INSTANCE.equals(builder.findTransport())) {
            builder.findTransport(new Guarded());
        }
    }

    private static final class Guarded extends JDKTransport {
        @Override
        public void configure(
                NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            var application = Arc.container();
            if (application != null) {
                var turnedAway = application.instance(TurnedAway.class).get();
                bootstrap.handler(new Doorway(Doorway.CONNECTIONS, Doorway.PATIENCE, turnedAway));
            }
        }
    }
}
