package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.net.URI;
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
        var server = server(url);
        return new OwnApi(() -> server);
    }

    /// An API server that answers the first questions with these bodies, and all others with an
    /// empty object.
    ///
    /// @param piece bytes of a body that come at once
    public static OwnApi answering(int piece, byte[]... bodies) {
        var next = List.of(bodies).iterator();
        var http =
                new CannedClient(_ -> Canned.ok(next.hasNext() ? next.next() : NOTHING).cut(piece));
        return new OwnApi(() -> new Server(http, BadAnswers.SERVER));
    }

    /// The way to what plays one; its client is to be closed.
    public static Server server(String url) {
        var config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        var client = HttpClientUtils.getHttpClientFactory().newBuilder(config).build();
        return new Server(client, URI.create(url));
    }
}
