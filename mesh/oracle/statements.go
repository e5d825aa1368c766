package main

import (
	"slices"
	"sort"
	"strings"

	"github.com/cilium/cilium/pkg/policy/api"
)

// entry is one rule of a direction, allow or deny.
type entry struct {
	direction, verdict string
	peers              peerFields
	ports              api.PortRules
	icmps              api.ICMPRules
	authentication     *api.Authentication
}

// entries are the rules of all four sections.
func entries(rule *api.Rule) (list []entry) {
	for _, r := range rule.Ingress {
		list = append(list, entry{"ingress", "allow", fromPeers(r.IngressCommonRule), r.ToPorts, r.ICMPs, r.Authentication})
	}
	for _, r := range rule.IngressDeny {
		list = append(list, entry{"ingress", "deny", fromPeers(r.IngressCommonRule), denied(r.ToPorts), r.ICMPs, nil})
	}
	for _, r := range rule.Egress {
		peers := toPeers(r.EgressCommonRule)
		peers.fqdns = r.ToFQDNs
		list = append(list, entry{"egress", "allow", peers, r.ToPorts, r.ICMPs, r.Authentication})
	}
	for _, r := range rule.EgressDeny {
		list = append(list, entry{"egress", "deny", toPeers(r.EgressCommonRule), denied(r.ToPorts), r.ICMPs, nil})
	}
	return list
}

func fromPeers(r api.IngressCommonRule) peerFields {
	return peerFields{endpoints: r.FromEndpoints, nodes: r.FromNodes, entities: r.FromEntities, cidrs: r.FromCIDR,
		cidrSets: r.FromCIDRSet, groups: r.FromGroups}
}

func toPeers(r api.EgressCommonRule) peerFields {
	return peerFields{endpoints: r.ToEndpoints, nodes: r.ToNodes, entities: r.ToEntities, cidrs: r.ToCIDR,
		cidrSets: r.ToCIDRSet, groups: r.ToGroups, services: r.ToServices}
}

func denied(rules api.PortDenyRules) (ports api.PortRules) {
	for _, rule := range rules {
		ports = append(ports, api.PortRule{Ports: rule.Ports})
	}
	return ports
}

type rangeKey struct{ subject, direction, verdict, peer, protocol, settings string }

// collection gathers statements; those with port numbers until all ranges are known that may touch.
type collection struct {
	scope  string
	fold   bool
	ranges map[rangeKey][]portRange
	made   map[string]bool
}

// statements is the normal form of a policy: what it says, in which order, duplicates, spelling and the split into specs
// and rules have disappeared.
func statements(s *side, fold bool) []string {
	c := &collection{s.scope(), fold, map[rangeKey][]portRange{}, map[string]bool{}}
	for _, rule := range s.rules {
		c.rule(rule)
	}
	for key, ranges := range c.ranges {
		c.make(key.subject, key.direction, key.verdict, key.peer, key.protocol+"/"+rangesForm(ranges), key.settings)
	}
	var sorted []string
	for statement := range c.made {
		sorted = append(sorted, statement)
	}
	sort.Strings(sorted)
	return slices.Compact(sorted)
}

func (c *collection) make(parts ...string) { c.made[strings.Join(parts, " | ")] = true }

func (c *collection) rule(rule *api.Rule) {
	kind, selector := "E", rule.EndpointSelector.LabelSelector
	if rule.NodeSelector.LabelSelector != nil {
		kind, selector = "N", rule.NodeSelector.LabelSelector
	}
	keyForm := asIs
	if c.fold {
		keyForm = foldKey
	}
	form := selectorForm(selector, keyForm)
	if form == never {
		return
	}
	subject := kind + form
	on := func(flag *bool) bool { return flag == nil || *flag }
	if len(rule.Ingress)+len(rule.IngressDeny) > 0 && on(rule.EnableDefaultDeny.Ingress) {
		c.make(subject, "ingress", "default-deny")
	}
	if len(rule.Egress)+len(rule.EgressDeny) > 0 && on(rule.EnableDefaultDeny.Egress) {
		c.make(subject, "egress", "default-deny")
	}
	for _, e := range entries(rule) {
		c.entry(subject, e)
	}
}

func (c *collection) entry(subject string, e entry) {
	peers := e.peers.form(c.fold, len(e.ports)+len(e.icmps) > 0)
	if peers.none {
		return
	}
	authentication := ""
	if e.authentication != nil {
		authentication = "auth=" + string(e.authentication.Mode)
	}
	if len(e.ports)+len(e.icmps) == 0 {
		for _, peer := range peers.forms {
			c.make(subject, e.direction, e.verdict, peer, "ALL", authentication)
		}
		return
	}
	if len(peers.forms) == 0 {
		peers.forms = []string{anyPeer}
	}
	add := func(peer string, r portRange, settings string) {
		if r.name != "" {
			c.make(subject, e.direction, e.verdict, peer, r.protocol+"/name:"+r.name, settings)
			return
		}
		key := rangeKey{subject, e.direction, e.verdict, peer, r.protocol, settings}
		c.ranges[key] = append(c.ranges[key], r)
	}
	for _, peer := range peers.forms {
		for _, rule := range e.ports {
			for _, alternative := range alternatives(rule) {
				settings := strings.Join([]string{authentication, settingsForm(rule, c.scope), alternative}, ";")
				for _, r := range portRanges(rule.Ports, e.direction == "ingress") {
					add(peer, r, settings)
				}
			}
		}
		for _, icmp := range e.icmps {
			for _, r := range portRanges(icmp.GetPortProtocols(), true) {
				add(peer, r, authentication+";;")
			}
		}
	}
}
