package mesh.lockstep.apiserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What a [StubApiServer] holds, and what happened to it. Policies are called like
/// `default/allow-api`, clusterwide ones `allow-api`.
public final class StubPolicies {

    private static final String NAMESPACES = "namespaces";
    private static final int FIRST_VERSION = 100;

    private final Map<String, Map<String, String>> present = new HashMap<>();
    private final List<Event> history = new ArrayList<>();
    private int version = FIRST_VERSION;
    private int forgotten;
    private boolean inThePast;
    private boolean twice;

    private record Event(int version, String plural, String type, String object) {}

    public synchronized void put(String plural, String key, String spec) {
        var type = of(plural).containsKey(key) ? "MODIFIED" : "ADDED";
        putUntold(plural, key, spec);
        history.add(new Event(version, plural, type, object(key, spec)));
        notifyAll();
    }

    /// Not a policy but a namespace.
    ///
    /// @param metadata more of it, as `"annotations":{}`; empty for none
    public synchronized void putNamespace(String name, String metadata) {
        version++;
        var more = metadata.isEmpty() ? "" : "," + metadata;
        var object =
                "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%d\"%s}}"
                        .formatted(name, version, more);
        var type = of(NAMESPACES).put(name, object) == null ? "ADDED" : "MODIFIED";
        history.add(new Event(version, NAMESPACES, type, object));
        notifyAll();
    }

    /// As if the watches had lost it.
    public synchronized void putUntold(String plural, String key, String spec) {
        version++;
        of(plural).put(key, object(key, spec));
    }

    /// Tells of something that happened long ago, as if it were new.
    public synchronized void tellAgain(String plural, String key, String spec, int then) {
        int now = version;
        version = then;
        var told = object(key, spec);
        version = now + 1;
        history.add(new Event(version, plural, "MODIFIED", told));
        notifyAll();
    }

    /// Lists what was there in the beginning: nothing.
    public synchronized void inThePast(boolean on) {
        inThePast = on;
    }

    /// Tells each event twice.
    public synchronized void twice(boolean on) {
        twice = on;
    }

    /// Two changes, of which the second is told before the first.
    public synchronized void putSwapped(String plural, String key, String otherKey, String spec) {
        put(plural, key, spec);
        put(plural, otherKey, spec);
        history.add(history.size() - 2, history.removeLast());
    }

    /// As from a backup from when nothing was there.
    public synchronized void restore(int then) {
        version = then;
        present.clear();
        history.clear();
    }

    public synchronized void delete(String plural, String key) {
        version++;
        of(plural).remove(key);
        history.add(new Event(version, plural, "DELETED", object(key, "{}")));
        notifyAll();
    }

    /// Has no history from before now: a watch that was told everything goes on, one that was not
    /// has to list again.
    public synchronized void forget() {
        forgotten = version;
        history.clear();
        notifyAll();
    }

    synchronized Optional<String> find(String plural, String key) {
        return Optional.ofNullable(of(plural).get(key));
    }

    synchronized String page(String plural, int from, int size) {
        var all = List.copyOf((inThePast ? Map.<String, String>of() : of(plural)).values());
        int to = Math.min(all.size(), from + size);
        return "{\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":[%s]}"
                .formatted(
                        inThePast ? 1 : version,
                        to < all.size() ? to : "",
                        String.join(",", all.subList(from, to)));
    }

    synchronized int version() {
        return version;
    }

    synchronized boolean hasForgotten(int since) {
        return since < forgotten;
    }

    /// What happened until some version.
    ///
    /// @param lines one for each event
    record Told(int version, String lines) {}

    synchronized Told events(String plural, int since) {
        var lines = new StringBuilder();
        for (var event : history) {
            if (event.version() > since && event.plural().equals(plural)) {
                lines.append(line(event.type(), event.object()).repeat(twice ? 2 : 1));
            }
        }
        return new Told(version, lines.toString());
    }

    /// @param told the version up to which all was told
    static String bookmark(int told) {
        return line("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"" + told + "\"}}");
    }

    static String line(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    /// Returns when something happened since that version, or after a moment.
    synchronized void awaitChange(int since) throws InterruptedException {
        if (version == since) {
            TimeUnit.MILLISECONDS.timedWait(this, 500);
        }
    }

    synchronized void wake() {
        notifyAll();
    }

    private Map<String, String> of(String plural) {
        return present.computeIfAbsent(plural, _ -> new TreeMap<>());
    }

    private String object(String key, String spec) {
        int slash = key.indexOf('/');
        var namespace = slash < 0 ? "" : "\"namespace\":\"" + key.substring(0, slash) + "\",";
        return "{\"metadata\":{%s\"name\":\"%s\",\"resourceVersion\":\"%d\"},\"spec\":%s}"
                .formatted(namespace, key.substring(slash + 1), version, spec);
    }
}
