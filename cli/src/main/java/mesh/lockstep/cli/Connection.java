package mesh.lockstep.cli;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import mesh.lockstep.apiserver.Intake;
import mesh.lockstep.apiserver.PeerApi;

/// Connects to API servers as the user's kubeconfig says: with its programs that fetch credentials,
/// its proxies, its certificates.
final class Connection implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

    private final Contexts contexts;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient.Factory factory = new VertxHttpClientFactory(vertx);
    private final Intake intake = Intake.ofHeap();

    Connection(Contexts contexts) {
        this.contexts = contexts;
    }

    /// Those that it connects to.
    Contexts contexts() {
        return contexts;
    }

    /// With all that it has opened.
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// Nothing is asked of the API server yet; a program that fetches credentials has run.
    ///
    /// @throws Unusable with what is wrong with the context, for people, in a few words
    PeerApi open(String context) throws Unusable {
        return connect(
                context,
                (client, config) ->
                        new PeerApi(client, URI.create(config.getMasterUrl()), intake.ofPeer()));
    }

    /// The same for what is not about policies.
    ///
    /// @throws Unusable as the other
    ApiServer server(String context) throws Unusable {
        return connect(context, ApiServer::new);
    }

    private <T> T connect(String context, BiFunction<HttpClient, Config, T> made) throws Unusable {
        if (contexts.tlsServerName(context)) {
            throw new Unusable("its kubeconfig has a tls-server-name, which is not supported");
        }
        try {
            var config = config(context);
            if (config.getMasterUrl() == null || config.getMasterUrl().isEmpty()) {
                throw new Unusable("its context names no cluster of the kubeconfig");
            }
            return made.apply(factory.newBuilder(config).build(), config);
        } catch (RuntimeException e) {
            // Its words may have a credential in them.
            throw new Unusable("its entry in the kubeconfig cannot be used");
        }
    }

    private Config config(String context) throws Unusable {
        var config = Config.empty();
        Config.configFromSysPropsOrEnvVars(config); // proxies
        config.setMasterUrl("");
        KubeConfigUtils.merge(config, context, contexts.files());
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(0);
        var user = contexts.user(context);
        if (user.isPresent()) {
            complete(config, user.get());
        }
        return config;
    }

    /// With what the client does not read.
    private static void complete(Config config, AuthInfo user) throws Unusable {
        if (user.getAs() != null && !user.getAs().isEmpty()) {
            config.setImpersonateUsername(user.getAs());
            config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
            config.setImpersonateExtras(user.getAsUserExtra());
        }
        if (user.getTokenFile() != null && !user.getTokenFile().isEmpty()) {
            try {
                config.setOauthToken(Files.readString(Path.of(user.getTokenFile())).strip());
            } catch (IOException e) {
                throw new Unusable("the file with its token cannot be read");
            }
        }
    }
}
