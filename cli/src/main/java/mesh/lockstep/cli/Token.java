package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mesh.lockstep.kubeconfig.Claims;
import mesh.lockstep.kubeconfig.Credentials;
import mesh.lockstep.kubeconfig.Expiry;

/// What a token of a service account says of itself.
///
/// @param claims as Kubernetes writes them: who it is for, in `kubernetes.io`
/// @param start when it was issued
/// @param end when it expires
record Token(JsonNode claims, Instant start, Instant end) {

    /// Empty if there is none, or it does not say.
    static Optional<Token> of(Credentials credentials) {
        return credentials.identity() instanceof Credentials.Token(var value)
                ? of(value)
                : Optional.empty();
    }

    static Optional<Token> of(String value) {
        return Claims.of(value)
                .filter(node -> node.path("iat").isNumber() && Expiry.of(node).isPresent())
                .map(
                        node ->
                                new Token(
                                        node,
                                        Instant.ofEpochSecond(node.path("iat").asLong()),
                                        Expiry.of(node).orElseThrow()));
    }

    /// Whether less is left of its lifetime than one part of so many.
    boolean isLate(Instant now, int parts) {
        return !now.isBefore(end.minus(Duration.between(start, end).dividedBy(parts)));
    }

    /// Whether it is bound to these objects: without them, it is no longer valid.
    ///
    /// @param secret its uid
    /// @param account its uid
    boolean isBoundTo(String secret, String account) {
        return secret().equals(secret)
                && claims.at("/kubernetes.io/serviceaccount/uid").asText().equals(account);
    }

    /// The uid of the Secret that it is bound to; empty if there is none.
    String secret() {
        return claims.at("/kubernetes.io/secret/uid").asText();
    }

    /// Never its claims.
    @Override
    public String toString() {
        return "token";
    }
}
