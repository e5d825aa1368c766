package mesh.lockstep.kubeconfig;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Kubeconfig.Refusal;
import org.jspecify.annotations.Nullable;

/// Reads a kubeconfig by an allow-list: what is not on it is refused, not skipped. A kubeconfig may
/// name programs to run, files to read and checks to leave out; a peer's has no business with any.
final class KubeconfigReading {

    /// Visible ASCII only: it becomes an HTTP header.
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    private KubeconfigReading() {}

    static Credentials credentials(@Nullable Object document) throws Refusal {
        var file = YamlMap.of("", document);
        file.allow(
                Set.of(
                        "apiVersion",
                        "kind",
                        "preferences",
                        "clusters",
                        "users",
                        "contexts",
                        "current-context"));
        file.expect("apiVersion", "v1");
        file.expect("kind", "Config");
        if (file.has("preferences")) {
            file.map("preferences").allow(Set.of());
        }
        var cluster = only(file, "clusters", "cluster");
        var user = only(file, "users", "user");
        joinedBy(file, cluster.name(), user.name());
        return new Credentials(
                server(cluster.body()),
                certificates(cluster.body(), "certificate-authority-data"),
                identity(user.body()));
    }

    /// @param name what a context calls it
    private record Named(String name, YamlMap body) {}

    private static Named only(YamlMap file, String list, String what) throws Refusal {
        var entry = file.only(list);
        entry.allow(Set.of("name", what));
        return new Named(entry.text("name"), entry.map(what));
    }

    private static void joinedBy(YamlMap file, String cluster, String user) throws Refusal {
        var context = only(file, "contexts", "context");
        context.body().allow(Set.of("cluster", "user", "namespace"));
        context.body().expectNamed("cluster", cluster, "clusters[0]");
        context.body().expectNamed("user", user, "users[0]");
        if (file.has("current-context")) {
            file.expectNamed("current-context", context.name(), "contexts[0]");
        }
    }

    private static URI server(YamlMap cluster) throws Refusal {
        if (cluster.has("tls-server-name")) {
            // Neither fabric8's Config nor its Vert.x client know it (7.5.2); to ignore it would be
            // to check another name than the one that was asked for.
            throw new Refusal(
                    cluster.path("tls-server-name")
                            + " is not supported: the server's certificate must be valid for its address");
        }
        cluster.allow(Set.of("server", "certificate-authority-data"));
        var path = cluster.path("server");
        var server = uri(path, cluster.text("server"));
        if (!"https".equalsIgnoreCase(server.getScheme())) {
            throw new Refusal(path + " is not https");
        }
        if (server.getHost() == null
                || !isPort(server.getPort())
                || server.getRawUserInfo() != null
                || server.getRawQuery() != null
                || server.getRawFragment() != null) {
            throw new Refusal(path + " is not a plain https URL: host, port and path");
        }
        return server;
    }

    /// Or none: -1.
    private static boolean isPort(int port) {
        return port == -1 || (port > 0 && port <= 65_535);
    }

    private static URI uri(String path, String text) throws Refusal {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Refusal(path + " is not a URL");
        }
    }

    private static Pem certificates(YamlMap map, String field) throws Refusal {
        var pem = Pem.of(map.text(field));
        try {
            pem.certificates();
            return pem;
        } catch (CertificateException e) {
            throw new Refusal(map.path(field) + " is not a certificate: PEM, in base64");
        }
    }

    private static Credentials.Identity identity(YamlMap user) throws Refusal {
        user.allow(Set.of("token", "client-certificate-data", "client-key-data"));
        var certified = user.has("client-certificate-data") || user.has("client-key-data");
        if (user.has("token") && certified) {
            throw new Refusal(user.path() + " has both a token and a client certificate: use one");
        }
        if (certified) {
            return clientCertificate(user);
        }
        if (!user.has("token")) {
            throw new Refusal(user.path() + " has neither a token nor a client certificate");
        }
        var token = user.text("token");
        if (!TOKEN.matcher(token).matches()) {
            throw new Refusal(
                    user.path("token") + " has characters that are not allowed in a token");
        }
        return new Credentials.Token(token);
    }

    private static Credentials.Identity clientCertificate(YamlMap user) throws Refusal {
        var certificate = certificates(user, "client-certificate-data");
        var key = Pem.of(user.text("client-key-data"));
        try {
            key.keyManagers(certificate);
            return new Credentials.ClientCertificate(certificate, key);
        } catch (GeneralSecurityException e) {
            throw new Refusal(
                    user.path("client-key-data") + " is not a private key: PEM, in base64");
        }
    }
}
