package mesh.lockstep.admission;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and the certificate for it.
///
/// @param chain the certificate, then what leads to its CA
record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] ANYTHING = {1};

    CertifiedKey {
        chain = List.copyOf(chain);
    }

    /// Checks that the two belong together: of two files, one may be read before and one after both
    /// were replaced.
    ///
    /// @throws GeneralSecurityException if they do not
    static CertifiedKey of(PrivateKey key, X509Certificate... chain)
            throws GeneralSecurityException {
        var algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        var signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(ANYTHING);
        var verifying = Signature.getInstance(algorithm);
        verifying.initVerify(chain[0].getPublicKey());
        verifying.update(ANYTHING);
        if (!verifying.verify(signing.sign())) {
            throw new GeneralSecurityException("the key belongs to a different certificate");
        }
        return new CertifiedKey(key, List.of(chain));
    }
}
