package mesh.lockstep.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Answer.Lost;
import mesh.lockstep.apiserver.Answer.Rejected;
import mesh.lockstep.policy.TooLargeException;

/// Says in a few words why a peer could not be read. The words of an exception are not used: they
/// are long, change with the libraries, and may hold addresses or more.
public final class Cause {

    /// The peer is there, and has no time for us.
    public static final String BUSY = "too busy (429)";

    /// The peer does not know us, or no longer.
    public static final String REFUSED = "credentials refused (401)";

    private Cause() {}

    /// Why an answer was of no use.
    ///
    /// @param answer that was of no use
    /// @param verb what was tried, in the words of Kubernetes: `list`, `watch`, `get`
    public static String of(Answer answer, String verb, String resource) {
        return switch (answer) {
            case Rejected rejected -> ofCode(rejected.code(), verb, resource);
            case Lost(var cause) -> cause;
            case Given _ -> "unexpected answer";
        };
    }

    private static String ofCode(int code, String verb, String resource) {
        return switch (code) {
            case 401 -> REFUSED;
            case 403 -> "not allowed to " + verb + " " + resource + " (403)";
            // Perhaps it has none, perhaps what answered is no API server: unknown is not absent.
            case 404 -> "does not serve " + resource + " (404)";
            case 410 -> "resource version expired (410)";
            case 429 -> BUSY;
            default -> (code >= 500 ? "server error (" : "unexpected answer (") + code + ")";
        };
    }

    /// Why there is no answer, or none that can be read.
    public static String of(Throwable failure) {
        return switch (failure) {
            case TooMuchException e -> e.reason();
            case TooLargeException e -> e.reason();
            case JsonProcessingException _, CharacterCodingException _ -> "unreadable answer";
            case Throwable e -> ofConnection(e);
        };
    }

    private static String ofConnection(Throwable failure) {
        var chain =
                Stream.iterate(failure, error -> error != null, Throwable::getCause)
                        .limit(10)
                        .toList();
        if (has(chain, UnknownHostException.class)) {
            return "host name not found";
        }
        if (has(chain, NoRouteToHostException.class)) {
            return "no route to host";
        }
        if (has(chain, TimeoutException.class) || chain.stream().anyMatch(Cause::isTimeout)) {
            return has(chain, ConnectException.class)
                    ? "connection timed out"
                    : "timed out waiting for an answer";
        }
        if (has(chain, ConnectException.class)) {
            return "connection refused";
        }
        if (has(chain, SSLException.class)) {
            return tls(chain);
        }
        return has(chain, IOException.class)
                ? "connection broken"
                : "failed: " + failure.getClass().getSimpleName();
    }

    private static boolean isTimeout(Throwable failure) {
        var message = failure.getMessage();
        return message != null && message.contains("timed out");
    }

    private static String tls(List<Throwable> chain) {
        if (has(chain, CertificateExpiredException.class)) {
            return "its certificate has expired";
        }
        if (has(chain, CertPathBuilderException.class) || has(chain, SignatureException.class)) {
            return "its certificate is not signed by the kubeconfig's authority";
        }
        if (chain.stream().anyMatch(Cause::isAboutNames)) {
            return "its certificate is not valid for its address";
        }
        return has(chain, CertificateException.class)
                ? "its certificate is not accepted"
                : "TLS handshake failed";
    }

    private static boolean isAboutNames(Throwable failure) {
        var message = failure.getMessage();
        return message != null
                && (message.contains("subject alternative")
                        || message.contains("No name matching"));
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> kind) {
        return chain.stream().anyMatch(kind::isInstance);
    }
}
