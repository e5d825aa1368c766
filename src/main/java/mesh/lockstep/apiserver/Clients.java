package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes clients of API servers, on the event loops of this process.
@Singleton
class Clients {

    @Produces
    @Singleton
    HttpClient.Factory on(Vertx vertx) {
        return new VertxHttpClientFactory(vertx);
    }
}
