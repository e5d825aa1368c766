package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.Peer;
import mesh.lockstep.policy.Ports;

/// One entry of a section: peers times ports times what else must hold.
///
/// Source: `pkg/policy/rule.go` and `IngressRule.sanitize`, `EgressRule.sanitize` in
/// `pkg/policy/api/rule_validation.go` of Cilium 1.20.2. Without ports and ICMP types, every
/// protocol is meant; without them and without peers, nothing:
///
/// ```yaml
/// ingress: [{}]      ingress: [{fromEntities: [none]}]      ingress: [{toPorts: [{}]}]
/// ```
///
/// Authentication that is `disabled` is not as good as none: it overrides what other policies
/// require (`pkg/policy/l4.go`). With a field that is not known, the entry is compared as written.
record EntryReading(
        Section section, Subject subject, PeerSelectors selectors, Statements statements) {

    private static final Set<String> MODES = Set.of("disabled", "required", "test-always-fail");

    void read(JsonNode entry) {
        if (!Fields.entry(section).knows(section.field(), entry)) {
            var written = CanonicalJson.text(entry);
            var whom = subject.text().orElse("nobody");
            statements.add(whom + " | " + section.verdict() + " | as written: " + written);
            return;
        }
        if (!entry.path(section.side() + "Requires").isEmpty()) {
            throw new AsWrittenException(section.side() + "Requires is no more");
        }
        var peers = Peers.of(entry, section.side(), selectors);
        var authentication = authentication(entry.path("authentication"));
        var portRules = entry.path("toPorts");
        var icmps = entry.path("icmps");
        if (!portRules.isEmpty() && !icmps.isEmpty()) {
            throw new AsWrittenException("toPorts and icmps in one rule");
        }
        if (portRules.isEmpty() && icmps.isEmpty() && peers.given()) {
            say(peers.peers(), List.of(new Ports.All()), Set.of(authentication));
        }
        var whom = peers.given() ? peers.peers() : List.<Peer>of(Peer.Labelled.EVERYONE);
        for (var icmp : icmps) {
            say(whom, Icmp.types(icmp), Set.of(authentication));
        }
        for (var portRule : portRules) {
            portRule(entry, portRule, whom, authentication);
        }
    }

    private void portRule(
            JsonNode entry, JsonNode portRule, List<Peer> peers, String authentication) {
        var l7 = L7Rules.of(portRule.path("rules"));
        if (subject.isNode() && (section.ingress() ? !l7.isEmpty() : l7.http())) {
            throw new AsWrittenException("HTTP or DNS rules for nodes on " + section.direction());
        }
        PortSettings.check(portRule, section.ingress(), l7);
        var settings = PortSettings.text(portRule, selectors.key().kind().namespaced());
        var ports = PortRules.of(portRule.path("ports"), section.ingress(), l7);
        if (PortRules.lacksPort(portRule.path("ports"))) {
            statements.add("needs enable-extended-ip-protocols");
        }
        var conditions = new TreeSet<String>();
        for (var alternative : l7.isEmpty() ? List.of("") : l7.alternatives()) {
            conditions.add(joined(authentication, settings, alternative));
        }
        say(peers, ports, conditions);
        var joins = l7.dns() || (!settings.isEmpty() && !portRule.has("listener"));
        if (section.allows()) {
            subject.text()
                    .map(
                            it ->
                                    new MergedFilters.Rule(
                                            it,
                                            section.ingress(),
                                            entry,
                                            portRule,
                                            Set.copyOf(peers),
                                            ports,
                                            conditions,
                                            joins))
                    .ifPresent(statements::add);
        }
        if (peers.isEmpty() || ports.isEmpty() || subject.text().isEmpty()) {
            portRule.path("rules").path("http").forEach(this::doubtful);
        }
    }

    /// Cilium rejects an expression that is none, even where the rule lets nobody in.
    private void doubtful(JsonNode rule) {
        HttpRule.doubtful(rule).forEach(it -> statements.add("needs the expression " + it));
    }

    private void say(List<Peer> peers, List<Ports> ports, Set<String> conditions) {
        // A subject that selects nobody is read too: what Cilium would reject it rejects there.
        subject.text().ifPresent(it -> statements.add(it, section, peers, ports, conditions));
    }

    private static String authentication(JsonNode authentication) {
        if (authentication.isMissingNode()) {
            return "";
        }
        var mode = authentication.path("mode").asText();
        if (!MODES.contains(mode)) {
            throw new AsWrittenException("unknown authentication mode " + mode);
        }
        return "authentication " + mode;
    }

    private static String joined(String... parts) {
        return String.join("; ", List.of(parts).stream().filter(it -> !it.isEmpty()).toList());
    }
}
