package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	cilium "github.com/cilium/proxy/go/cilium/api"
	"google.golang.org/protobuf/proto"

	"github.com/cilium/cilium/pkg/envoy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
)

const (
	anything = "any"
	refused  = "refused"
)

// told is what Cilium tells Envoy of an endpoint, as Envoy reads it (cilium/network_policy.cc of github.com/cilium/proxy).
type told struct {
	ingress, egress []*cilium.PortNetworkPolicy
	// rejected is why Envoy keeps what it was told before.
	rejected string
}

func (e *engine) tellEnvoy(distilled *policy.EndpointPolicy, owner *endpoint) *told {
	selected := distilled.SelectorPolicy
	update := envoy.GetNetworkPolicy(owner, selected.GetEgressNamedPorts, distilled.GetPolicySelectors(), owner.GetPolicyNames(),
		&selected.L4Policy, selected.IngressPolicyEnabled, selected.EgressPolicyEnabled, false, false, "", logger, e.translator)
	t := &told{ingress: update.IngressPerPortPolicies, egress: update.EgressPerPortPolicies}
	if err := update.Validate(); err != nil {
		t.rejected = err.Error()
	}
	for _, each := range slices.Concat(t.ingress, t.egress) {
		if each.EndPort != 0 && (each.EndPort < each.Port || each.Port == 0) {
			t.rejected = fmt.Sprintf("ports %d to %d", each.Port, each.EndPort)
		}
	}
	return t
}

// lets says what Envoy lets through of a flow: server names, requests, and how it handles TLS.
func (t *told) lets(ingress bool, port uint16, peer identity.NumericIdentity, listener uint16) string {
	if t.rejected != "" {
		return "nothing new: " + t.rejected
	}
	names, requests, contexts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, rule := range t.rules(ingress, port, peer, listener) {
		if rule.GetDeny() {
			break
		}
		asked := slices.Clone(rule.ServerNames)
		if len(asked) == 0 {
			asked = []string{anything}
		}
		for _, name := range asked {
			names[name] = true
			if rule.DownstreamTlsContext != nil || rule.UpstreamTlsContext != nil {
				contexts[fmt.Sprintf("%s terminated %v originated %v", name, rule.DownstreamTlsContext, rule.UpstreamTlsContext)] = true
			}
		}
		add(requests, rule.GetHttpRules())
	}
	if len(names) == 0 {
		return refused
	}
	if names[anything] {
		names = map[string]bool{anything: true}
	}
	var parts []string
	for _, set := range []map[string]bool{names, requests, contexts} {
		parts = append(parts, strings.Join(slices.Sorted(maps.Keys(set)), "||"))
	}
	return strings.Join(parts, " ++ ")
}

// add adds the requests that a rule allows. Of others than any, those count that Envoy does something about, whichever it allows.
func add(requests map[string]bool, rules *cilium.HttpNetworkPolicyRules) {
	if len(rules.GetHttpRules()) == 0 {
		requests[anything] = true
	}
	for _, rule := range rules.GetHttpRules() {
		requests[cmp.Or(textOf(rule), anything)] = true
	}
	if requests[anything] {
		maps.DeleteFunc(requests, func(text string, _ bool) bool {
			return text != anything && !strings.Contains(text, "header_matches")
		})
	}
}

// rules are those that Envoy looks at for a flow, in its order: those of higher precedence first, of equal ones those that deny.
func (t *told) rules(ingress bool, port uint16, peer identity.NumericIdentity, listener uint16) (found []*cilium.PortNetworkPolicyRule) {
	for _, each := range t.policies(ingress) {
		if !isFor(each, port) {
			continue
		}
		if len(each.Rules) == 0 {
			found = append(found, &cilium.PortNetworkPolicyRule{})
		}
		for _, rule := range each.Rules {
			_, ours := slices.BinarySearch(rule.RemotePolicies, uint32(peer))
			if (ours || len(rule.RemotePolicies) == 0) && (rule.ProxyId == 0 || rule.ProxyId == uint32(listener)) {
				found = append(found, rule)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *cilium.PortNetworkPolicyRule) int {
		return cmp.Or(cmp.Compare(b.Precedence, a.Precedence), cmp.Compare(rank(a), rank(b)))
	})
	return found
}

func (t *told) policies(ingress bool) []*cilium.PortNetworkPolicy {
	if ingress {
		return t.ingress
	}
	return t.egress
}

func isFor(policy *cilium.PortNetworkPolicy, port uint16) bool {
	return policy.Port == 0 || (policy.Port <= uint32(port) && uint32(port) <= max(policy.EndPort, policy.Port))
}

func rank(rule *cilium.PortNetworkPolicyRule) int {
	if rule.GetDeny() {
		return 0
	}
	return 1
}

// textOf does not tell matches of headers that are there twice.
func textOf(rule *cilium.HttpNetworkPolicyRule) string {
	var headers []string
	for _, header := range rule.Headers {
		headers = append(headers, strings.Join(strings.Fields(header.String()), " "))
	}
	rest := proto.Clone(rule).(*cilium.HttpNetworkPolicyRule)
	rest.Headers = nil
	return strings.Join(append(strings.Fields(rest.String()), distinct(headers)...), " ")
}
