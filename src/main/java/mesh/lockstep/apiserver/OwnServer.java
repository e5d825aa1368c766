package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthProviderConfig;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecEnvVar;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.NamedExtension;
import io.fabric8.kubernetes.api.model.Preferences;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// This cluster's own API server, as fabric8 finds it (7.5.2, `Config.autoConfigure`): that of the
/// service account in a pod, or else that of the current context in KUBECONFIG. It is looked for
/// when it is needed first.
///
/// Nothing is made of fabric8's models of Kubernetes' objects but those of a kubeconfig, which
/// Jackson fills by reflection.
@Singleton
@RegisterForReflection(
        targets = {
            AuthInfo.class,
            AuthProviderConfig.class,
            Cluster.class,
            io.fabric8.kubernetes.api.model.Config.class,
            Context.class,
            ExecConfig.class,
            ExecEnvVar.class,
            NamedAuthInfo.class,
            NamedCluster.class,
            NamedContext.class,
            NamedExtension.class,
            Preferences.class,
            Config.ExecCredential.class,
            Config.ExecCredentialSpec.class,
            Config.ExecCredentialStatus.class
        })
class OwnServer implements Supplier<Server> {

    /// It calls us, so it is there; waiting long for it would use up the time that it grants.
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final HttpClient.Factory clients;
    private @Nullable Server server;

    OwnServer(HttpClient.Factory clients) {
        this.clients = clients;
    }

    @Override
    public synchronized Server get() {
        if (server == null) {
            var config = Config.autoConfigure(null);
            config.setConnectionTimeout((int) TIMEOUT.toMillis());
            config.setRequestTimeout((int) TIMEOUT.toMillis());
            // Who asks has a deadline, and tries again at a pace of its own.
            config.setRequestRetryBackoffLimit(0);
            server =
                    new Server(
                            clients.newBuilder(config).build(), URI.create(config.getMasterUrl()));
        }
        return server;
    }

    @PreDestroy
    synchronized void close() {
        if (server != null) {
            server.client().close();
        }
    }
}
