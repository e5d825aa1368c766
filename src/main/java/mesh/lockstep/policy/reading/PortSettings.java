package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Word;

/// What a port rule wants besides ports and requests: `terminatingTLS`, `originatingTLS`,
/// `serverNames`, `listener`.
///
/// Source: `PortRule` in `pkg/policy/api/l4.go` and its use in `pkg/policy/l4.go` of Cilium. Server
/// names are a set, case kept. Without a kind, a listener's config is one of the subject's
/// namespace, so that in a namespaced policy
///
/// ```yaml
/// listener: {name: l, envoyConfig: {name: c}}
/// listener: {name: l, envoyConfig: {name: c, kind: CiliumEnvoyConfig}}
/// ```
///
/// say the same; in a clusterwide policy, the subject may have none. What a TLS secret holds is its
/// cluster's; only what names it is compared.
final class PortSettings {

    private static final Set<String> KINDS =
            Set.of("", "CiliumEnvoyConfig", "CiliumClusterwideEnvoyConfig");
    private static final int MAX_PRIORITY = 100;

    private PortSettings() {}

    /// Each [Abridged].
    static List<String> texts(JsonNode portRule, boolean namespaced) {
        var parts = new ArrayList<String>();
        for (var tls : new String[] {"terminatingTLS", "originatingTLS"}) {
            if (portRule.has(tls)) {
                var written = CanonicalJson.text(Texts.withoutEmpty(portRule.path(tls)));
                parts.add(Abridged.of(tls + " " + written));
            }
        }
        var names = Texts.set(portRule.path("serverNames"));
        var isListed = portRule.has("serverNames");
        if (names.contains("") || (isListed && names.isEmpty())) {
            throw new AsWrittenException("an empty server name, or an empty list of them");
        }
        if (!names.isEmpty()) {
            parts.add(Abridged.of("serverNames " + names.stream().map(Word::quoted).toList()));
        }
        if (portRule.has("listener")) {
            parts.add(Abridged.of("listener " + listener(portRule.path("listener"), namespaced)));
        }
        return parts;
    }

    private static String listener(JsonNode listener, boolean namespaced) {
        var config = listener.path("envoyConfig");
        var kind = config.path("kind").asText();
        if (!KINDS.contains(kind)) {
            throw new AsWrittenException("unknown kind of listener config: " + kind);
        }
        if (kind.isEmpty() && namespaced) {
            kind = "CiliumEnvoyConfig";
        }
        var priority = Fields.number(listener.path("priority"));
        if (listener.has("priority") && (priority < 1 || priority > MAX_PRIORITY)) {
            throw new AsWrittenException("not a listener priority: " + priority);
        }
        return "%s %s %s priority %s"
                .formatted(
                        Word.quoted(kind),
                        Word.quoted(config.path("name").asText()),
                        Word.quoted(listener.path("name").asText()),
                        priority);
    }

    /// Refuses what Cilium does.
    static void check(JsonNode portRule, boolean ingress, L7Rules l7) {
        if (portRule.has("listener") && (ingress || !l7.isEmpty())) {
            throw new AsWrittenException(
                    ingress ? "a listener on ingress" : "a listener with HTTP or DNS rules");
        }
        if (!portRule.path("serverNames").isEmpty()
                && !l7.isEmpty()
                && !portRule.has("terminatingTLS")) {
            throw new AsWrittenException(
                    "server names with HTTP or DNS rules, without TLS termination");
        }
        if (l7.dns() && ingress) {
            throw new AsWrittenException("DNS rules on ingress");
        }
        if (l7.dns() && portRule.path("ports").isEmpty()) {
            throw new AsWrittenException("DNS rules without a port");
        }
    }
}
