package mesh.lockstep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mesh.lockstep.support.ClusterApi;
import mesh.lockstep.support.ClusterApi.Answer;
import mesh.lockstep.support.Yaml;

/// A policy as its authors keep it, and as controllers bring it to the clusters, each in its own
/// time. Authors do what they may: they change it when the last change is everywhere, or else go
/// back, or declare a correction.
final class Manifest {

    private final String name;
    private final int clusters;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, Optional<Copy>> applied = new ConcurrentHashMap<>();
    private Optional<Copy> wanted = Optional.empty();
    private Optional<Copy> previous = Optional.empty();
    private int ports = 1000;

    /// What a policy says, and how often that was declared.
    record Copy(int port, int revision) {}

    /// A policy that nobody has yet.
    ///
    /// @param clusters how many there are
    Manifest(String name, int clusters) {
        this.name = name;
        this.clusters = clusters;
    }

    String name() {
        return name;
    }

    boolean isEverywhere() {
        return applied.values().stream().filter(wanted::equals).count() == clusters;
    }

    /// What an author decides next.
    ///
    /// @return in a word; empty: to wait
    String change(Random random) {
        lock.writeLock().lock();
        try {
            if (isEverywhere() || applied.isEmpty()) {
                return begin(random);
            }
            return random.nextBoolean() ? thinkAgain(random) : "";
        } finally {
            lock.writeLock().unlock();
        }
    }

    private String begin(Random random) {
        var revision = wanted.map(Copy::revision).orElse(0);
        if (wanted.isEmpty()) {
            return want("create", Optional.of(next(revision)));
        }
        return switch (random.nextInt(10)) {
            case 0, 1 -> want("delete", Optional.empty());
            case 2, 3 -> want("declare", Optional.of(next(revision + 1)));
            default -> want("edit", Optional.of(next(revision)));
        };
    }

    private String thinkAgain(Random random) {
        if (wanted.isEmpty() || previous.isEmpty()) {
            return want("take back", previous);
        }
        var now = wanted.get();
        var before = previous.get();
        if (random.nextBoolean()) {
            return want("correct", Optional.of(next(now.revision() + 1)));
        }
        return want(
                "roll back",
                before.revision() == now.revision()
                        ? previous
                        : Optional.of(new Copy(before.port(), now.revision() + 1)));
    }

    private Copy next(int revision) {
        return new Copy(ports += 3, revision);
    }

    private String want(String how, Optional<Copy> copy) {
        previous = wanted;
        wanted = copy;
        return how;
    }

    /// What a controller does every now and then: a dry run, then the same in earnest, with labels
    /// and annotations of its own that are others each time.
    ///
    /// @return what the API server did not let pass
    List<String> reconcile(ClusterApi api, String controller, Random random) {
        lock.readLock().lock();
        try {
            var refused =
                    wanted
                            .map(it -> apply(api, controller, it, random))
                            .orElseGet(() -> List.of(api.delete(name)))
                            .stream()
                            .filter(it -> !it.succeeded() && it.code() != 404)
                            .map(it -> api.cluster() + ": " + it.message())
                            .toList();
            if (refused.isEmpty()) {
                applied.put(api.cluster(), wanted);
            }
            return refused;
        } finally {
            lock.readLock().unlock();
        }
    }

    private List<Answer> apply(ClusterApi api, String controller, Copy copy, Random random) {
        var policy = policy(copy, random);
        return Stream.of(true, false)
                .map(dryRun -> api.apply(name, policy, controller, dryRun))
                .toList();
    }

    /// The same in another spelling each time.
    private JsonNode policy(Copy copy, Random random) {
        var ports =
                IntStream.range(0, 3).mapToObj(i -> copy.port() + i).collect(Collectors.toList());
        Collections.shuffle(ports, random);
        return Yaml.read(
                """
                apiVersion: cilium.io/v2
                kind: CiliumNetworkPolicy
                metadata:
                  name: %s
                  namespace: default
                  labels: {app.kubernetes.io/version: v%d}
                  annotations: {lockstep.mesh/revision: "%d", example.com/synchronised: "%d"}
                spec:
                  endpointSelector: {matchLabels: {app: api}}
                  ingress:
                  - toPorts: [{ports: [{port: "%d"}, {port: "%d"}, {port: "%d"}]}]
                """
                        .formatted(
                                name,
                                random.nextInt(100),
                                copy.revision(),
                                random.nextLong(),
                                ports.get(0),
                                ports.get(1),
                                ports.get(2)));
    }

    @Override
    public String toString() {
        return "%s: wanted %s, before %s, applied %s".formatted(name, wanted, previous, applied);
    }
}
