package mesh.lockstep.support;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.function.Supplier;
import mesh.lockstep.apiserver.Server;

/// No test acts on the cluster of the current kubectl context: nothing listens there.
@Mock
@Singleton
public final class NoServer implements Supplier<Server> {

    private static final String URL = "https://127.0.0.1:1";

    private final Server server;

    NoServer(HttpClient.Factory clients) {
        var config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(URL)
                        .withRequestRetryBackoffLimit(0)
                        .build();
        server = new Server(clients.newBuilder(config).build(), URI.create(URL));
    }

    @Override
    public Server get() {
        return server;
    }
}
