package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mesh.lockstep.policy.Lexicographic;

/// What a rule asks for besides peers and ports.
///
/// Source: `mergePortProto` in `pkg/policy/rule.go` and `Merge` of `L7ParserType` in
/// `pkg/policy/l4.go` of Cilium, which make one of two in the same filter for the same peer. What
/// comes out is not always what either allows:
///
/// ```
/// {ports: [{port: "443"}], serverNames: [a.b]}        # beside it, for the same peer,
/// {ports: [{port: "443"}]}                            # names are asked for all the same
/// {ports: [{port: "443", endPort: 443}]}              # anything goes
/// ```
///
/// @param settings each thing but server names that stand alone, which are put together
/// @param namesAlone whether there are server names, and neither TLS nor requests
/// @param terminates whether TLS is ended
/// @param requests `http`, `dns` or nothing
/// @param repeats whether a request is written twice
/// @param proxy to which they are sent: Cilium's own, `http`, `dns` or `tls`, or a listener; empty
///   for none
record Asked(
        List<String> settings,
        boolean namesAlone,
        boolean terminates,
        String requests,
        boolean repeats,
        String proxy)
        implements Comparable<Asked> {

    private static final Comparator<Asked> ORDER =
            Comparator.comparing(Asked::settings, Lexicographic.natural())
                    .thenComparing(Asked::namesAlone)
                    .thenComparing(Asked::terminates)
                    .thenComparing(Asked::requests)
                    .thenComparing(Asked::repeats)
                    .thenComparing(Asked::proxy);

    Asked {
        settings = List.copyOf(settings);
    }

    /// Nothing but authentication.
    static Asked of(List<String> authentication) {
        return new Asked(authentication, false, false, "", false, "");
    }

    /// @param settings texts of [PortSettings]
    static Asked of(
            JsonNode portRule, List<String> authentication, List<String> settings, L7Rules l7) {
        var namesAlone = portRule.has("serverNames") && settings.size() == 1 && l7.isEmpty();
        var all = new ArrayList<>(authentication);
        all.addAll(namesAlone ? List.of() : settings);
        var requests = l7.isEmpty() ? "" : l7.dns() ? "dns" : "http";
        return new Asked(
                all,
                namesAlone,
                portRule.has("terminatingTLS"),
                requests,
                l7.repeats(),
                proxy(portRule, settings, requests));
    }

    /// Source: `createL4Filter` in `pkg/policy/l4.go` of Cilium.
    private static String proxy(JsonNode portRule, List<String> settings, String requests) {
        if (portRule.has("listener")) {
            return settings.getLast();
        }
        if (!requests.isEmpty()) {
            return requests;
        }
        return settings.isEmpty() ? "" : "tls";
    }

    /// Whether they ask for the same but, maybe, other requests of one kind.
    boolean agrees(Asked other) {
        return settings.equals(other.settings)
                && namesAlone == other.namesAlone
                && (requests.equals(other.requests)
                        || requests.isEmpty()
                        || other.requests.isEmpty());
    }

    /// The same, however often requests are written.
    Asked once() {
        return new Asked(settings, namesAlone, terminates, requests, false, proxy);
    }

    boolean hasHttp() {
        return requests.equals("http");
    }

    boolean hasNames() {
        return requests.equals("dns");
    }

    /// Whether it is a listener to which they are sent.
    boolean isListened() {
        return proxy.startsWith("listener ");
    }

    /// Whether Cilium takes the two in one order only, and each of them only once.
    boolean isOrdered(Asked other) {
        return isBefore(other) || other.isBefore(this);
    }

    @Override
    public int compareTo(Asked other) {
        return ORDER.compare(this, other);
    }

    private boolean isBefore(Asked other) {
        return namesAlone && !other.requests.isEmpty() && !other.terminates;
    }
}
