package mesh.lockstep.policy.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mesh.lockstep.policy.Abridged;
import mesh.lockstep.policy.CanonicalJson;
import mesh.lockstep.policy.PolicyPeer;
import mesh.lockstep.policy.Ports;
import mesh.lockstep.policy.Statement.Traffic;

/// One entry of a section: peers times ports times what else must hold.
///
/// Source: `pkg/policy/rule.go` and `IngressRule.sanitize`, `EgressRule.sanitize` in
/// `pkg/policy/api/rule_validation.go` of Cilium. Without ports and ICMP types, every protocol is
/// meant; without them and without peers, nothing:
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

    private static final JsonNode NO_REQUESTS = MissingNode.getInstance();

    /// Reads one entry.
    ///
    /// @return whether all its fields are known
    boolean read(JsonNode entry) {
        if (!Fields.entry(section).knows(section.field(), entry)) {
            var whom = subject.text().orElse("nobody");
            var written = "as written: " + CanonicalJson.abridged(entry);
            statements.add(whom, section.verdict(), written);
            return false;
        }
        if (!entry.path(section.side() + "Requires").isEmpty()) {
            throw new AsWrittenException(section.side() + "Requires is no longer supported");
        }
        var peers = EntryPeers.of(entry, section, selectors);
        if (!entry.path(section.side() + "Nodes").isEmpty()) {
            // Without it, the default, Cilium rejects the policy, even where this says nothing.
            statements.add("needs enable-node-selector-labels");
        }
        var whom =
                peers.given() ? peers.peers() : List.<PolicyPeer>of(PolicyPeer.Labelled.EVERYONE);
        var says = says(entry, peers.given(), whom);
        // A subject that selects nobody is read too: what Cilium would reject it rejects there.
        subject.text().ifPresent(text -> statements.add(text, section, whom, says));
        return true;
    }

    /// @param given whether it names peers
    private List<Traffic> says(JsonNode entry, boolean given, List<PolicyPeer> peers) {
        var authentication = authentication(entry.path("authentication"));
        var portRules = entry.path("toPorts");
        var icmps = entry.path("icmps");
        if (!portRules.isEmpty() && !icmps.isEmpty()) {
            throw new AsWrittenException("toPorts and icmps in one rule");
        }
        var says = new ArrayList<Traffic>();
        var asked = Asked.of(authentication);
        if (portRules.isEmpty() && icmps.isEmpty() && given) {
            says.add(new Traffic(new Ports.All(), authentication));
            filter(
                    entry,
                    NO_REQUESTS,
                    peers,
                    List.of(FilterKey.ALL),
                    asked,
                    List.of(authentication));
        }
        for (var icmp : icmps) {
            var types = Icmp.types(icmp);
            types.forEach(ports -> says.add(new Traffic(ports, authentication)));
            var keys = FilterKey.ofTypes(types);
            filter(entry, NO_REQUESTS, peers, keys, asked, List.of(authentication));
        }
        for (var portRule : portRules) {
            says.addAll(portRule(entry, portRule, peers, authentication));
        }
        return says;
    }

    /// What a port rule says, if it says it of anybody.
    private List<Traffic> portRule(
            JsonNode entry,
            JsonNode portRule,
            List<PolicyPeer> peers,
            List<String> authentication) {
        var l7 = L7Rules.of(portRule.path("rules"));
        if (subject.isNode() && (section.ingress() ? !l7.isEmpty() : l7.http())) {
            throw new AsWrittenException("HTTP or DNS rules for nodes on " + section.direction());
        }
        PortSettings.check(portRule, section.ingress(), l7);
        var settings = PortSettings.texts(portRule, selectors.key().kind().namespaced());
        var ports = PortRules.of(portRule.path("ports"), section.ingress(), l7);
        if (PortRules.lacksPort(portRule.path("ports"))) {
            statements.add("needs enable-extended-ip-protocols");
        }
        var always = Stream.concat(authentication.stream(), settings.stream()).toList();
        var conditions = conditions(always, l7);
        filter(
                entry,
                portRule.path("rules"),
                peers,
                FilterKey.of(portRule.path("ports")),
                Asked.of(portRule, authentication, settings, l7),
                conditions);
        if (peers.isEmpty() || ports.isEmpty() || subject.text().isEmpty()) {
            portRule.path("rules").path("http").forEach(this::doubtful);
            return List.of();
        }
        return statements.combined(ports, conditions);
    }

    private void filter(
            JsonNode entry,
            JsonNode requests,
            List<PolicyPeer> peers,
            List<FilterKey> keys,
            Asked asked,
            List<List<String>> conditions) {
        if (section.allows() && subject.text().isPresent()) {
            statements.add(
                    number ->
                            new Filter(
                                    number,
                                    subject,
                                    section,
                                    entry,
                                    selectors,
                                    new RequestsAsWritten(requests),
                                    peers,
                                    keys,
                                    asked,
                                    conditions));
        }
    }

    /// Cilium rejects an expression that is none, even where the rule lets nobody in.
    private void doubtful(JsonNode rule) {
        HttpRule.doubtful(rule)
                .forEach(text -> statements.add(Abridged.of("needs the expression " + text)));
    }

    private static List<String> authentication(JsonNode authentication) {
        if (authentication.isMissingNode()) {
            return List.of();
        }
        var mode = authentication.path("mode").asText();
        if (!MODES.contains(mode)) {
            throw new AsWrittenException("unknown authentication mode " + mode);
        }
        return List.of("authentication " + mode);
    }

    /// Each of the alternatives, with what else must hold.
    private static List<List<String>> conditions(List<String> always, L7Rules l7) {
        return l7.isEmpty()
                ? List.of(always)
                : l7.alternatives().stream()
                        .map(
                                alternative ->
                                        Stream.concat(always.stream(), Stream.of(alternative))
                                                .toList())
                        .toList();
    }
}
