package main

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"google.golang.org/protobuf/proto"

	cilium "github.com/cilium/proxy/go/cilium/api"

	"github.com/cilium/cilium/pkg/fqdn/dnsproxy"
	"github.com/cilium/cilium/pkg/policy"
)

// alike says whether two resolutions hold the same, so that no flow can tell them apart. Where it says no, they may: some of what it
// compares decides nothing, as the order in which Envoy is told of things.
func alike(a, b *resolution) bool {
	if a.policy.Len() != b.policy.Len() || a.envoy.rejected != b.envoy.rejected {
		return false
	}
	redirected := false
	for key, entry := range a.policy.Entries() {
		if other, ok := b.policy.Get(key); !ok || other != entry {
			return false
		}
		redirected = redirected || entry.IsRedirectEntry()
	}
	if redirected && (!slices.Equal(rulesForm(a.rules), rulesForm(b.rules)) || a.redirects.form() != b.redirects.form()) {
		return false
	}
	return a.envoy.rejected != "" || (toldAlike(a.envoy.ingress, b.envoy.ingress) && toldAlike(a.envoy.egress, b.envoy.egress))
}

func toldAlike(a, b []*cilium.PortNetworkPolicy) bool {
	return slices.EqualFunc(a, b, func(one, other *cilium.PortNetworkPolicy) bool {
		return one == other || bytes.Equal(wire(one), wire(other))
	})
}

func wire(told *cilium.PortNetworkPolicy) []byte {
	made, err := proto.MarshalOptions{Deterministic: true}.Marshal(told)
	if err != nil {
		panic(err)
	}
	return made
}

// peersForm is by whom they are, and not by how a rule names them: Cilium may take two selectors for one.
func peersForm(peers policy.CachedSelector) string {
	if peers.IsWildcard() {
		return anyPeer
	}
	return fmt.Sprint(peers.GetSelections())
}

func rulesForm(rules []proxyRule) (forms []string) {
	for _, rule := range rules {
		f := rule.filter
		forms = append(forms, fmt.Sprintf("%s %t %d %s %d-%d %t %q %q %q %q", peersForm(rule.peers), f.Ingress, f.U8Proto, f.PortName,
			f.Port, f.EndPort, rule.redirect, rule.requests, rule.names, rule.listener, rule.other))
	}
	return distinct(forms)
}

func (r *redirects) form() string {
	var forms []string
	for number, one := range r.made {
		forms = append(forms, fmt.Sprint(number, *one))
	}
	for key, filters := range r.tables {
		for _, filter := range filters {
			var names []string
			for peers, asked := range filter.PerSelectorPolicies {
				names = append(names, peersForm(peers)+" "+dnsproxy.GeneratePattern(asked))
			}
			forms = append(forms, fmt.Sprintf("%v %q", key, distinct(names)))
		}
	}
	sort.Strings(forms)
	return strings.Join(forms, "\n")
}
