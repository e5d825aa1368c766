package mesh.lockstep.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// This cluster's API server, in memory: what is at which path. It has the API of OpenReports.
public final class FakeApi extends OwnApi {

    private static final String KINDS = "/apis/openreports.io/v1alpha1";
    private static final Reply TOO_BUSY = new Reply(429, MissingNode.getInstance(), "HTTP 429");
    private static final Reply NOT_FOUND = new Reply(404, MissingNode.getInstance(), "HTTP 404");
    private static final Reply IN_TROUBLE = new Reply(500, MissingNode.getInstance(), "HTTP 500");

    private final Map<String, JsonNode> objects = new TreeMap<>();
    private int busy;
    private Runnable before = () -> {};
    private boolean inTrouble;
    private int reads;
    private int writes;

    public FakeApi() {
        super(
                () -> {
                    throw new IllegalStateException("there is no server");
                });
        serveReports(true);
    }

    /// Whether the kinds of OpenReports are installed.
    public void serveReports(boolean on) {
        if (on) {
            objects.put(KINDS, JsonNodeFactory.instance.objectNode());
        } else {
            objects.remove(KINDS);
        }
    }

    /// So many lists are answered as of a kind of which the storage is not ready yet.
    public void busy(int lists) {
        busy = lists;
    }

    public FakeApi with(String path, JsonNode object) {
        objects.put(path, object);
        return this;
    }

    /// From now on each request fails, after this is done.
    public void failing(Runnable first) {
        before = first;
        inTrouble = true;
    }

    /// Objects whose path ends like that.
    public Stream<JsonNode> objects(String pattern) {
        var wanted = Pattern.compile(pattern).asMatchPredicate();
        return objects.entrySet().stream()
                .filter(it -> wanted.test(it.getKey()))
                .map(Map.Entry::getValue);
    }

    public int reads() {
        return reads;
    }

    public int writes() {
        return writes;
    }

    @Override
    public Reply get(String path) {
        before.run();
        reads++;
        if (inTrouble) {
            return IN_TROUBLE;
        }
        var object = objects.get(path);
        return object == null ? NOT_FOUND : new Reply(200, object, "");
    }

    @Override
    public Reply getMetadata(String path) {
        return get(path);
    }

    @Override
    public Reply list(String path, Consumer<JsonNode> items) {
        reads++;
        if (busy-- > 0) {
            return TOO_BUSY;
        }
        var collection = path.replaceFirst("\\?.*", "");
        var parts = collection.substring(collection.lastIndexOf('/') + 1);
        var group = collection.substring(0, collection.lastIndexOf('/'));
        objects(group + "/(namespaces/[^/]+/)?" + parts + "/[^/]+").toList().forEach(items);
        return new Reply(200, JsonNodeFactory.instance.objectNode(), "");
    }

    @Override
    public Reply apply(String path, JsonNode object) {
        writes++;
        if (!path.matches("[a-z0-9./-]+")) {
            return new Reply(422, MissingNode.getInstance(), "HTTP 422");
        }
        var applied = (ObjectNode) object.deepCopy();
        applied.withArray("/metadata/managedFields")
                .addObject()
                .put("manager", OwnApi.MANAGER)
                .put("operation", "Apply");
        objects.put(path, applied);
        return new Reply(200, applied, "");
    }

    @Override
    public Reply create(String path, JsonNode object) {
        writes++;
        objects.put(path + "/" + object.at("/metadata/name").asText(), object);
        return new Reply(201, object, "");
    }

    @Override
    public Reply delete(String path) {
        writes++;
        return objects.remove(path) == null
                ? NOT_FOUND
                : new Reply(200, JsonNodeFactory.instance.objectNode(), "");
    }
}
