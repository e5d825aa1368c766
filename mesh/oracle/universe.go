package main

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/cilium/pkg/iana"
	k8s "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	slim "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy/api"
)

// values are the label values that selectors ask for, by key; a key alone where one asks only whether it is there.
type values map[string]map[string]bool

func (v values) put(key string, asked ...string) {
	if v[key] == nil {
		v[key] = map[string]bool{}
	}
	for _, value := range asked {
		v[key][value] = true
	}
}

func (v values) putUnlessNamespace(key string, asked ...string) {
	if !ofNamespace(key) {
		v.put(key, asked...)
	}
}

// universe is all that two policies speak of: what peers, ports and subjects must differ in for a flow to tell them apart.
type universe struct {
	pods      values // labels of pods, without source
	nodes     values // labels of nodes, without source
	sourced   values // labels of other sources, with it
	groups    values // labels of CIDR groups
	external  values // labels that stand for groups of a cloud provider
	groupRefs map[string]bool
	prefixes  map[netip.Prefix]bool
	fqdns     map[api.FQDNSelector]bool
	ports     map[string]map[int]bool
}

func universeOf(sides ...*side) *universe {
	u := &universe{values{}, values{}, values{}, values{}, values{}, map[string]bool{}, map[netip.Prefix]bool{},
		map[api.FQDNSelector]bool{}, map[string]map[int]bool{}}
	for _, s := range sides {
		for _, rule := range s.rules {
			u.selector(rule.EndpointSelector.LabelSelector, false)
			u.selector(rule.NodeSelector.LabelSelector, true)
			for _, e := range entries(rule) {
				u.peers(e.peers)
				for _, p := range e.ports {
					u.portsOf(p.Ports)
				}
				for _, icmp := range e.icmps {
					u.portsOf(icmp.GetPortProtocols())
				}
			}
		}
	}
	for _, protocol := range []string{"TCP", "UDP", "SCTP"} {
		u.port(protocol, 1, 7777, lastPort)
	}
	for _, protocol := range []string{"ICMP", "ICMPV6"} {
		u.port(protocol, 7, 8, 128)
	}
	u.port("VRRP", 1)
	return u
}

func (u *universe) selector(selector *slim.LabelSelector, node bool) {
	if selector == nil {
		return
	}
	for key, value := range selector.MatchLabels {
		u.asked(key, node, value)
	}
	for _, expression := range selector.MatchExpressions {
		u.asked(expression.Key, node, expression.Values...)
	}
}

func (u *universe) asked(key string, node bool, asked ...string) {
	label := labels.ParseSelectLabel(key)
	switch label.Source {
	case labels.LabelSourceReserved, labels.LabelSourceCIDR:
	case labels.LabelSourceAny:
		// Labels of nodes and of CIDR groups satisfy it too, but none of them has those that stand for a namespace.
		if node || label.Key != k8s.PolicyLabelCluster {
			u.nodes.putUnlessNamespace(label.Key, asked...)
			u.groups.putUnlessNamespace(label.Key, asked...)
		}
		if !node {
			u.pods.put(label.Key, asked...)
		}
	case labels.LabelSourceNode:
		u.nodes.putUnlessNamespace(label.Key, asked...)
	case labels.LabelSourceK8s:
		u.pods.put(label.Key, asked...)
	case labels.LabelSourceCIDRGroup:
		u.groups.put(label.Key, asked...)
	default:
		u.sourced.put(label.Source+":"+label.Key, asked...)
	}
}

func (u *universe) peers(p peerFields) {
	for _, selector := range p.endpoints {
		u.selector(selector.LabelSelector, false)
	}
	for _, selector := range p.nodes {
		u.selector(selector.LabelSelector, true)
	}
	for _, cidr := range p.cidrs {
		u.prefix(cidr)
	}
	for _, rule := range p.cidrSets {
		u.prefix(rule.Cidr)
		for _, except := range rule.ExceptCIDRs {
			u.prefix(except)
		}
		if rule.CIDRGroupRef != "" {
			u.groupRefs[string(rule.CIDRGroupRef)] = true
		}
		u.selector(rule.CIDRGroupSelector.LabelSelector, false)
	}
	for _, name := range p.fqdns {
		u.fqdns[name] = true
	}
	for i := range p.groups {
		u.external.put(groupForm(p.groups[i]), p.groups[i].LabelKey())
	}
}

func (u *universe) prefix(cidr api.CIDR) {
	if cidr != "" {
		u.prefixes[prefixOf(cidr)] = true
	}
}

func (u *universe) portsOf(ports []api.PortProtocol) {
	for _, p := range ports {
		for _, protocol := range protocolsOf(p) {
			number, _ := strconv.ParseUint(p.Port, 0, 16)
			first, last := int(number), int(p.EndPort)
			if iana.IsSvcName(p.Port) {
				first = int(namedPort(strings.ToLower(p.Port)))
			}
			u.port(protocol, first-1, first, first+1)
			if last > 0 {
				u.port(protocol, last-1, last, last+1, (first+last)/2)
			}
		}
	}
}

// port adds numbers that a packet can have. 0 is left out: TCP, UDP and SCTP have no such port, and type 0 of ICMP cannot be told
// from a type that no policy names, because 0 in a policy means every type (pkg/policy/l4.go).
func (u *universe) port(protocol string, numbers ...int) {
	if u.ports[protocol] == nil {
		u.ports[protocol] = map[int]bool{}
	}
	for _, number := range numbers {
		if number > 0 && number <= lastPort {
			u.ports[protocol][number] = true
		}
	}
}

// sorted are the keys of a map, in an order that makes the same question find the same answer.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (u *universe) blocks() []netip.Prefix {
	return slices.SortedFunc(maps.Keys(u.prefixes), func(a, b netip.Prefix) int { return strings.Compare(a.String(), b.String()) })
}

func (u *universe) patterns() []api.FQDNSelector {
	return slices.SortedFunc(maps.Keys(u.fqdns), func(a, b api.FQDNSelector) int { return strings.Compare(a.String(), b.String()) })
}
