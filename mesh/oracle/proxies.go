package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/u8proto"
)

// proxyRule is a rule for peers on a port, as the proxies see it. Those that ask nothing of a proxy are among them: on a port where
// another rule asks something, Envoy is told of both and lets through what either allows (pkg/envoy/model.go).
type proxyRule struct {
	peers    policy.CachedSelector
	filter   *policy.L4Filter
	redirect bool
	requests []string // for HTTP alone: the requests it allows
	names    []string // for TLS alone: the server names it allows
	listener string   // for a listener alone: it, and when it comes before another
	other    string   // anything else
}

// proxyRules are those of one direction; none if none asks anything of a proxy.
func (e *engine) proxyRules(direction *policy.L4DirectionPolicy) (rules []proxyRule) {
	needed := false
	for filter := range direction.Filters() {
		for peers, p := range filter.PerSelectorPolicies {
			rule := e.proxyRule(p)
			rule.peers, rule.filter = peers, filter
			rules = append(rules, rule)
			needed = needed || rule.redirect
		}
	}
	if !needed {
		return nil
	}
	return rules
}

func (e *engine) proxyRule(p *policy.PerSelectorPolicy) proxyRule {
	if p == nil || !p.IsRedirect() {
		return proxyRule{}
	}
	rule := proxyRule{redirect: true}
	noTLS := p.TerminatingTLS == nil && p.OriginatingTLS == nil
	plain := noTLS && p.Listener == ""
	names := slices.Sorted(maps.Keys(p.ServerNames))
	switch {
	case p.L7Parser == policy.ParserTypeDNS:
		// The DNS proxy is told of it.
	case plain && p.L7Parser == policy.ParserTypeHTTP && len(names) == 0:
		rule.requests = e.requests(p)
	case plain && len(p.HTTP) == 0 && len(names) > 0:
		rule.names = names
	case noTLS && len(p.HTTP)+len(names) == 0:
		rule.listener = fmt.Sprintf("%s;%s;%d", p.L7Parser, p.Listener, p.ListenerPriority)
	default:
		rule.other = fmt.Sprintf("%s;%s;tls %v %v;%s;%s;%d", p.L7Parser, strings.Join(e.requests(p), "||"), p.TerminatingTLS,
			p.OriginatingTLS, strings.Join(names, ","), p.Listener, p.ListenerPriority)
	}
	return rule
}

// requests are the requests that a rule allows; the one request "" is any.
func (e *engine) requests(p *policy.PerSelectorPolicy) []string {
	if len(p.HTTP) == 0 {
		return []string{""}
	}
	rules, _ := e.repository.GetEnvoyHTTPRules(&p.L7Rules, e.scope)
	var texts []string
	for _, rule := range rules.HttpRules {
		texts = append(texts, textOf(rule))
	}
	return distinct(texts)
}

// proxied is what the proxies do with one flow, all together.
func (r *resolution) proxied(ingress bool, protocol u8proto.U8proto, port uint16, peer identity.NumericIdentity) string {
	requests, names, listeners, others := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	put := func(set map[string]bool, values []string) {
		for _, value := range values {
			set[value] = true
		}
	}
	unasked := false
	for _, rule := range r.rules {
		f := rule.filter
		if f.Ingress != ingress || (f.U8Proto != protocol && f.U8Proto != 0) || !onPort(f, port) ||
			(!rule.peers.IsWildcard() && !rule.peers.Selects(peer)) {
			continue
		}
		put(requests, rule.requests)
		put(names, rule.names)
		if rule.listener != "" {
			listeners[rule.listener] = true
		}
		if rule.other != "" {
			others[rule.other] = true
		}
		if !rule.redirect || slices.Contains(rule.requests, "") {
			unasked = true // any request is as good as none asked for
		}
	}
	if unasked && len(requests) > 0 {
		requests[""] = true
	}
	if unasked && len(names)+len(others) > 0 {
		others["nothing"] = true
	}
	var parts []string
	for i, set := range []map[string]bool{requests, names, listeners, others} {
		if len(set) > 0 {
			parts = append(parts, strconv.Itoa(i)+":"+strings.Join(slices.Sorted(maps.Keys(set)), "||"))
		}
	}
	return strings.Join(parts, " ++ ")
}

func onPort(filter *policy.L4Filter, port uint16) bool {
	if filter.PortName != "" {
		return namedPort(filter.PortName) == port
	}
	return filter.Port == 0 || filter.Port == port || (filter.EndPort > filter.Port && port >= filter.Port && port <= filter.EndPort)
}
