package mesh.lockstep.peers;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;

/// The own API server, for tests of other rooms.
public final class OwnApis {

    private OwnApis() {}

    /// An API server that is played.
    ///
    /// @param url of what plays it
    public static OwnApi at(String url) {
        return new OwnApi(instance(client(url)));
    }

    static KubernetesClient client(String url) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl(url).build())
                .build();
    }

    @SuppressWarnings("unchecked")
    static Instance<KubernetesClient> instance(KubernetesClient client) {
        return (Instance<KubernetesClient>)
                Proxy.newProxyInstance(
                        Instance.class.getClassLoader(),
                        new Class<?>[] {Instance.class},
                        (_, _, _) -> client);
    }
}
