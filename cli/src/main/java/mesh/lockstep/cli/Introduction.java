package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import mesh.lockstep.apiserver.Answer.Given;
import mesh.lockstep.apiserver.Cause;

/// How one cluster comes to know another: by a token of its own for the other's account. The token
/// goes from one API server to the other, and nowhere else.
///
/// @param here the cluster that is to know
/// @param peer the cluster that is to be known
/// @param address of the peer
/// @param time how long the token should be valid
/// @param manner in which it is made
record Introduction(Partner here, Partner peer, Address address, Duration time, Manner manner) {

    /// Of its lifetime, what is left of a token that is replaced.
    private static final int LEFT = 3;

    /// Who makes the Secrets that tokens are bound to; with the peer's name, who writes its key.
    private static final String MANAGER = "lockstep-connect";

    /// How a token comes into being.
    enum Manner {
        NEW,
        /// Tokens that were given before are refused from now on.
        REVOKE,
        /// From one that is there, bound to what that is bound to: if that was revoked, there is
        /// none.
        RENEW
    }

    /// Until when what is there is good: same server, same CA, a token that is neither revoked nor
    /// near its end. Empty if it is to be replaced.
    Optional<Instant> kept(Instant now) {
        return known().filter(token -> !token.isLate(now, LEFT)).map(Token::end);
    }

    /// The token that is there, if it leads to the peer.
    Optional<Token> known() {
        return Optional.ofNullable(here.known().get(peer.name().value()))
                .flatMap(PeerFile::credentials)
                .filter(address::isOf)
                .filter(
                        credentials ->
                                credentials.authority().encoded().equals(address.authority()))
                .flatMap(Token::of)
                .filter(token -> token.isBoundTo(bond(token), peer.account()));
    }

    /// The uid of the Secret to which it has to be bound.
    private String bond(Token token) {
        return manner == Manner.RENEW ? token.secret() : peer.markers().getOrDefault(marker(), "-");
    }

    /// The Secret that the token is bound to: without it, the token is revoked.
    private String marker() {
        return marker(here.name().value());
    }

    static String marker(String whose) {
        return Account.NAME + "-" + whose;
    }

    Step make() throws InterruptedException {
        try {
            if (manner == Manner.REVOKE) {
                var answer = peer.api().delete(Introductions.SECRETS + marker());
                requireNone(Partner.problem(answer, "delete", "secrets"));
            }
            var token =
                    token(
                            switch (manner) {
                                case NEW, REVOKE -> mark();
                                case RENEW -> known().map(Token::secret).orElseThrow();
                            });
            deliver(token);
            var end = Token.of(token).map(Token::end);
            return Step.done(
                    "%s knows %s: %snew credential for %s%s"
                            .formatted(
                                    here.name(),
                                    peer.name(),
                                    manner == Manner.REVOKE ? "old credential revoked, " : "",
                                    address.server(),
                                    end.map(this::until).orElse("")));
        } catch (Unusable e) {
            return Step.failed(
                    "%s does not know %s: %s".formatted(here.name(), peer.name(), e.getMessage()));
        }
    }

    private String until(Instant end) {
        var now = Instant.now();
        var isLess = Duration.between(now, end).plusMinutes(1).compareTo(time) < 0;
        return ", valid until %s%s"
                .formatted(End.text(end, now), isLess ? "; its API server grants no longer" : "");
    }

    private static void requireNone(String problem) throws Unusable {
        if (!problem.isEmpty()) {
            throw new Unusable(problem);
        }
    }

    /// @return the uid of the Secret that the token will be bound to
    private String mark() throws Unusable, InterruptedException {
        var secret = secret(marker(), Account.NAME);
        secret.withObject("/metadata")
                .putObject("annotations")
                .put(
                        "kubernetes.io/description",
                        "The token of %s is valid as long as this Secret exists."
                                .formatted(here.name()));
        var answer = peer.api().apply(Introductions.SECRETS + marker(), MANAGER, secret);
        if (answer instanceof Given(var made, _)) {
            return Partner.uid(made);
        }
        throw new Unusable(Cause.of(answer, "apply", "secrets") + " in " + peer.context());
    }

    private String token(String secret) throws Unusable, InterruptedException {
        var request = JsonNodeFactory.instance.objectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        var spec = request.putObject("spec").put("expirationSeconds", time.toSeconds());
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("name", marker())
                .put("uid", secret);
        var answer = peer.api().create(Account.PATH + "/token", request).answer();
        if (answer instanceof Given(var given, _) && given.at("/status/token").isTextual()) {
            return given.at("/status/token").textValue();
        }
        throw new Unusable(
                Cause.of(answer, "create", "serviceaccounts/token") + " in " + peer.context());
    }

    /// One field manager for each peer: an apply touches this peer's key and no other.
    private void deliver(String token) throws Unusable, InterruptedException {
        var secret = secret(Introductions.SECRET, "lockstep");
        var content = PeerFile.written(peer, address, token).getBytes(StandardCharsets.UTF_8);
        secret.putObject("data")
                .put(peer.name().value(), Base64.getEncoder().encodeToString(content));
        var answer =
                here.api()
                        .apply(
                                Introductions.SECRETS + Introductions.SECRET,
                                MANAGER + "-" + peer.name(),
                                secret);
        if (!(answer instanceof Given)) {
            throw new Unusable(Cause.of(answer, "apply", "secrets") + " in " + here.context());
        }
    }

    private static ObjectNode secret(String name, String label) {
        var secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata")
                .put("name", name)
                .put("namespace", Introductions.NAMESPACE)
                .putObject("labels")
                .put("app.kubernetes.io/name", label);
        return secret;
    }
}
