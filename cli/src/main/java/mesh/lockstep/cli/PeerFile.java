package mesh.lockstep.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Credentials;
import mesh.lockstep.kubeconfig.Kubeconfig;

/// What a cluster's webhook has of a peer: a key of the Secret `lockstep-peers`.
///
/// @param name of the peer, by which the file is called
/// @param content as the webhook reads it
/// @param uid of the peer's namespace `kube-system`, where the file was made by `connect`
record PeerFile(String name, Kubeconfig content, Optional<String> uid) {

    private static final Pattern UID = Pattern.compile("(?m)^# kube-system: ([-0-9A-Za-z]+)$");

    static PeerFile of(String name, byte[] bytes) {
        var uid = UID.matcher(new String(bytes, StandardCharsets.UTF_8));
        return new PeerFile(
                name,
                Kubeconfig.read(ByteBuffer.wrap(bytes)),
                uid.find() ? Optional.ofNullable(uid.group(1)) : Optional.empty());
    }

    /// A file by which a webhook may read a peer.
    static String written(Partner peer, Address address, String token) {
        return """
               # kube-system: %1$s
               apiVersion: v1
               kind: Config
               current-context: %2$s
               clusters:
               - name: %2$s
                 cluster:
                   server: %3$s
                   certificate-authority-data: %4$s
               users:
               - name: %5$s
                 user:
                   token: %6$s
               contexts:
               - name: %2$s
                 context:
                   cluster: %2$s
                   user: %5$s
               """
                .formatted(
                        peer.uid(),
                        peer.name(),
                        address.server(),
                        address.authority(),
                        Account.NAME,
                        token);
    }

    /// Empty if the webhook refuses the file.
    Optional<Credentials> credentials() {
        return switch (content) {
            case Kubeconfig.Accepted(var credentials) -> Optional.of(credentials);
            case Kubeconfig.Refused _ -> Optional.empty();
        };
    }

    /// Never the token.
    @Override
    public String toString() {
        return name;
    }
}
