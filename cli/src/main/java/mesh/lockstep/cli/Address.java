package mesh.lockstep.cli;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Credentials;

/// Where the others find an API server, and who vouches for it.
///
/// @param server an https URL
/// @param authority the CA of its certificate: PEM in base64, without line breaks
record Address(String server, String authority) {

    private static final Pattern HTTPS = Pattern.compile("https://[^\\s\"]+");
    private static final Pattern LOOPBACK =
            Pattern.compile("https://(127\\.|localhost|0\\.0\\.0\\.0|\\[::1]).*");

    /// @param config the context's, with what it names
    /// @param server empty: as in the kubeconfig
    /// @param file with the CA; empty: as in the kubeconfig
    /// @throws Unusable if one of them is missing, or cannot be used
    static Address of(String context, Config config, String server, String file) throws Unusable {
        var url = (server.isEmpty() ? config.getMasterUrl() : server).replaceFirst("/$", "");
        if (!HTTPS.matcher(url).matches()) {
            throw new Unusable(
                    "the API server of %s is %s, which is not an https URL: say --server %s=URL"
                            .formatted(context, url, Quoted.of(context)));
        }
        return new Address(url, authority(context, config, file));
    }

    /// As a peer's file has it.
    static Address of(Credentials credentials) {
        return new Address(
                credentials.server().toString().replaceFirst("/$", ""),
                credentials.authority().encoded());
    }

    /// Whether a peer's file leads here.
    boolean isOf(Credentials credentials) {
        return of(credentials).server().equals(server);
    }

    private static String authority(String context, Config config, String file) throws Unusable {
        var named = file.isEmpty() ? config.getCaCertFile() : file;
        if (file.isEmpty() && config.getCaCertData() != null) {
            return config.getCaCertData().replaceAll("\\s", "");
        }
        if (named == null || named.isEmpty()) {
            throw new Unusable(
                    "your kubeconfig has no CA for %s: say --ca %s=FILE"
                            .formatted(context, Quoted.of(context)));
        }
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(named)));
        } catch (IOException e) {
            throw new Unusable("the CA of %s cannot be read: %s".formatted(context, named));
        }
    }

    /// Whether only the user's own machine can reach it.
    boolean isLoopback() {
        return LOOPBACK.matcher(server).matches();
    }
}
