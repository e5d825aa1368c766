package mesh.lockstep.support;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What the API servers store, behind their backs.
public record Etcd(URI url) {

    /// A policy as it is stored.
    public String read(String cluster, String name) {
        var query = JsonNodeFactory.instance.objectNode().put("key", key(cluster, name));
        var found =
                given().contentType("application/json")
                        .body(Yaml.json(query))
                        .post(url + "/v3/kv/range")
                        .jsonPath()
                        .getString("kvs[0].value");
        return new String(Base64.getDecoder().decode(found), StandardCharsets.UTF_8);
    }

    /// Puts back what was stored once, as a backup that is restored does.
    public void restore(String cluster, String name, String stored) {
        var order =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("key", key(cluster, name))
                        .put("value", encoded(stored));
        given().contentType("application/json")
                .body(Yaml.json(order))
                .post(url + "/v3/kv/put")
                .then()
                .statusCode(200);
    }

    private static String key(String cluster, String name) {
        return encoded("/" + cluster + "/cilium.io/ciliumnetworkpolicies/default/" + name);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
