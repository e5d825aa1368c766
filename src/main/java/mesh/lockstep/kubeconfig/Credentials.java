package mesh.lockstep.kubeconfig;

import java.net.URI;

/// Where a peer's API server is, how it proves to be it, and who we are there.
///
/// @param server https, without user, query and fragment
/// @param authority who may sign the server's certificate
public record Credentials(URI server, Pem authority, Identity identity) {

    public sealed interface Identity {}

    public record Token(String value) implements Identity {
        /// Never the token.
        @Override
        public String toString() {
            return "token";
        }
    }

    public record ClientCertificate(Pem certificate, Pem key) implements Identity {}
}
