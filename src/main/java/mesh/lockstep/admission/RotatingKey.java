package mesh.lockstep.admission;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Serves one key, which may be replaced while handshakes are in progress.
///
/// A handshake asks for an alias, then for the key and for the certificate of that alias. Each
/// replacement is another alias and the one before stays known, so that both are of one pair.
final class RotatingKey extends X509ExtendedKeyManager {

    private volatile Served served;

    private record Served(int number, CertifiedKey current, CertifiedKey previous) {

        String alias() {
            return Integer.toString(number);
        }

        CertifiedKey of(String alias) {
            return alias().equals(alias) ? current : previous;
        }
    }

    RotatingKey(CertifiedKey first) {
        served = new Served(0, first, first);
    }

    /// Whether it is another than before.
    synchronized boolean rotate(CertifiedKey next) {
        var before = served;
        if (next.equals(before.current())) {
            return false;
        }
        served = new Served(before.number() + 1, next, before.current());
        return true;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        var now = served;
        return keyType.equals(now.current().key().getAlgorithm()) ? now.alias() : null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = chooseServerAlias(keyType, issuers, null);
        return alias == null ? new String[0] : new String[] {alias};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return served.of(alias).key();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return served.of(alias).chain().toArray(X509Certificate[]::new);
    }

    /// Whether it is served now, or was before the last replacement.
    boolean isServed(Certificate certificate) {
        var now = served;
        return certificate.equals(now.current().chain().getFirst())
                || certificate.equals(now.previous().chain().getFirst());
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    /// Whomever the server trusts: the one that we ask ourselves knows us.
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return Arrays.stream(keyTypes)
                .map(type -> chooseServerAlias(type, issuers, socket))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }
}
