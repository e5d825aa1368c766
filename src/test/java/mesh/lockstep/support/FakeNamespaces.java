package mesh.lockstep.support;

import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mesh.lockstep.rollout.Namespaces;

/// Namespaces that are what a test says; all others are ordinary.
@Mock
@Singleton
public final class FakeNamespaces implements Namespaces {

    private final Map<String, Namespace> namespaces = new HashMap<>();

    public FakeNamespaces with(String name, Namespace namespace) {
        namespaces.put(name, namespace);
        return this;
    }

    @Override
    public Optional<Namespace> recall(String name) {
        return Optional.ofNullable(namespaces.get(name));
    }

    @Override
    public Namespace find(String name) {
        return namespaces.getOrDefault(name, Namespace.ORDINARY);
    }
}
