package mesh.lockstep.admission;

import jakarta.inject.Singleton;
import java.security.cert.Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The key that port 8443 is served with. Where the port requires a certificate from its clients,
/// we also use it to ask ourselves.
@Singleton
class ServedKey {

    private volatile @Nullable RotatingKey key;

    void set(RotatingKey key) {
        this.key = key;
    }

    /// Empty before it was read, and without TLS.
    Optional<RotatingKey> get() {
        return Optional.ofNullable(key);
    }

    /// A client that shows this certificate, and TLS has it prove that it has the key, is one of
    /// us.
    boolean isOurs(Certificate certificate) {
        return get().filter(key -> key.isServed(certificate)).isPresent();
    }
}
