package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.http.HttpClient;
import java.net.URI;

/// An API server, and a client with credentials for it.
public record Server(HttpClient client, URI address) {}
