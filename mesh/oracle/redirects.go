package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cilium/cilium/pkg/fqdn/dnsproxy"
	"github.com/cilium/cilium/pkg/fqdn/matchpattern"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
)

const (
	anyName       = ".*"
	firstRedirect = 30000
)

// redirects are the proxies that an endpoint sends flows to (addNewRedirects in pkg/endpoint/bpf.go). There is one for each direction,
// protocol, port and listener. It is set up by the filter that comes first: where several filters have it, chance decides of which of
// them the DNS proxy is told.
type redirects struct {
	ports map[string]uint16 // of proxies, made up, by Cilium's identifier
	made  map[uint16]*redirect
	// tables are the filters of which the DNS proxy may be told (UpdateAllowed in pkg/fqdn/dnsproxy/proxy.go).
	tables map[tableKey][]*policy.L4Filter
}

// tableKey is by what the DNS proxy finds the rules of an endpoint.
type tableKey struct {
	protocol string
	port     uint16
}

type redirect struct {
	table    tableKey
	listener string
	dns      bool                         // a filter asks for names
	envoy    map[policy.L7ParserType]bool // what filters ask for besides: each has a listener of its own
}

func redirectsOf(selected policy.SelectorPolicy) *redirects {
	r := &redirects{map[string]uint16{}, map[uint16]*redirect{}, map[tableKey][]*policy.L4Filter{}}
	byID := map[string]*redirect{}
	for filter, asked := range selected.RedirectFilters() {
		port := filter.Port
		if filter.PortName != "" {
			port = namedPort(filter.PortName)
		}
		listener := asked.Policy.GetListener()
		id := policy.ProxyID(ownerID, filter.Ingress, string(filter.Protocol), port, listener)
		one := byID[id]
		if one == nil {
			one = &redirect{tableKey{string(filter.Protocol), port}, listener, false, map[policy.L7ParserType]bool{}}
			byID[id] = one
		}
		if asked.Policy.L7Parser != policy.ParserTypeDNS {
			one.envoy[asked.Policy.L7Parser] = true
			continue
		}
		one.dns = true
		if !slices.Contains(r.tables[one.table], filter) {
			r.tables[one.table] = append(r.tables[one.table], filter)
		}
	}
	// In order, since of two entries of one flow that with the lower port counts.
	for i, id := range sorted(byID) {
		port := uint16(firstRedirect + i)
		r.ports[id], r.made[port] = port, byID[id]
	}
	return r
}

// to says which proxy a flow is sent to, and of which names the DNS proxy lets it ask: all that chance allows.
func (r *redirects) to(proxy uint16, peer identity.NumericIdentity) string {
	one := r.made[proxy]
	if one == nil {
		return "a proxy"
	}
	outcomes := map[string]bool{}
	for parser := range one.envoy {
		outcomes[fmt.Sprintf("Envoy %s %s", parser, one.listener)] = true
	}
	if one.dns {
		for _, filter := range r.tables[one.table] {
			outcomes["names "+namesOf(filter, peer)] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(outcomes)), ", or ")
}

func namesOf(filter *policy.L4Filter, peer identity.NumericIdentity) string {
	names := map[string]bool{}
	for peers, asked := range filter.PerSelectorPolicies {
		if !peers.IsWildcard() && !peers.Selects(peer) {
			continue
		}
		pattern := dnsproxy.GeneratePattern(asked)
		if pattern == matchpattern.MatchAllAnchoredPattern {
			return anyName
		}
		for name := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(pattern, "^(?:"), ")$"), "|") {
			names[name] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), "||")
}
