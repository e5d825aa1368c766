package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.util.List;
import mesh.lockstep.apiserver.CannedClient.Canned;

/// This cluster's own API server, for tests of other rooms.
public final class OwnApis {

    private static final byte[] NOTHING = {'{', '}'};

    private OwnApis() {}

    /// An API server that is played.
    ///
    /// @param url of what plays it
    public static OwnApi at(String url) {
        return new OwnApi(instance(client(url)));
    }

    /// An API server that answers the first questions with these bodies, and all others with an
    /// empty object.
    ///
    /// @param piece bytes of a body that come at once
    public static OwnApi answering(int piece, byte[]... bodies) {
        var next = List.of(bodies).iterator();
        var http =
                new CannedClient(_ -> Canned.ok(next.hasNext() ? next.next() : NOTHING).cut(piece));
        return new OwnApi(
                instance(
                        (KubernetesClient)
                                Proxy.newProxyInstance(
                                        KubernetesClient.class.getClassLoader(),
                                        new Class<?>[] {KubernetesClient.class},
                                        (_, method, _) ->
                                                switch (method.getName()) {
                                                    case "getHttpClient" -> http;
                                                    case "getMasterUrl" ->
                                                            BadAnswers.SERVER.toURL();
                                                    default ->
                                                            throw new IllegalStateException(
                                                                    method.getName());
                                                })));
    }

    public static KubernetesClient client(String url) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl(url).build())
                .build();
    }

    @SuppressWarnings("unchecked")
    public static Instance<KubernetesClient> instance(KubernetesClient client) {
        return (Instance<KubernetesClient>)
                Proxy.newProxyInstance(
                        Instance.class.getClassLoader(),
                        new Class<?>[] {Instance.class},
                        (_, _, _) -> client);
    }
}
