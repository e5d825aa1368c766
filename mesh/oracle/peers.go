package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/fqdn/matchpattern"
	"github.com/cilium/cilium/pkg/policy/api"
)

// peerFields are the fields of a rule that say who is at the other end, of either direction.
type peerFields struct {
	endpoints, nodes []api.EndpointSelector
	entities         api.EntitySlice
	cidrs            api.CIDRSlice
	cidrSets         api.CIDRRuleSlice
	fqdns            api.FQDNSelectorSlice
	groups           []api.Groups
	services         []api.Service
}

// peers are their normal form: none at all, or the listed ones; everyone where nothing was said.
type peers struct {
	none  bool
	forms []string
}

// written says whether a list is there and empty: that selects nobody (pkg/policy/utils/parserules.go).
func written[T any](list []T) bool { return list != nil && len(list) == 0 }

func (f *peerFields) form(fold, ports bool) peers {
	// Services become endpoints and blocks before the rest is read (pkg/policy/k8s/service.go).
	filled := len(f.services) > 0
	if written(f.nodes) || written(f.entities) || written(f.cidrs) || (!filled && (written(f.endpoints) || written(f.cidrSets))) {
		return peers{none: true}
	}
	given := len(f.endpoints) + len(f.nodes) + len(f.entities) + len(f.cidrs) + len(f.cidrSets) + len(f.fqdns) + len(f.groups) +
		len(f.services)
	if given == 0 {
		return peers{}
	}
	forms := f.forms(fold, ports)
	switch {
	case forms[anyPeer]:
		return peers{forms: []string{anyPeer}}
	case len(forms) == 0:
		return peers{none: true}
	}
	var sorted []string
	for form := range forms {
		sorted = append(sorted, form)
	}
	sort.Strings(sorted)
	return peers{forms: sorted}
}

// forms takes services together where there are ports: if none of them has anything, the ports are everyone's. So it does next to
// empty lists, which one of them may fill.
func (f *peerFields) forms(fold, ports bool) map[string]bool {
	forms := map[string]bool{}
	for _, selector := range f.endpoints {
		forms[peerForm(selector.LabelSelector, fold)] = true
	}
	for _, selector := range f.nodes {
		forms[selectorForm(selector.LabelSelector, asIs)] = true
	}
	for _, entity := range f.entities {
		if entity == api.EntityNone {
			continue
		}
		for _, selector := range api.EntitySelectorMapping[entity] {
			forms[selectorForm(selector.LabelSelector, asIs)] = true
		}
	}
	delete(forms, never)
	var b blocks
	for _, cidr := range f.cidrs {
		b.whole = append(b.whole, prefixOf(cidr))
	}
	for _, rule := range f.cidrSets {
		switch {
		case rule.CIDRGroupRef != "":
			except, _ := exceptForm(nil, rule.ExceptCIDRs)
			forms["cidrgroupref:"+string(rule.CIDRGroupRef)+"-["+except+"]"] = true
		case rule.CIDRGroupSelector.LabelSelector != nil:
			except, _ := exceptForm(nil, rule.ExceptCIDRs)
			forms["cidrgroupsel:"+groupSelectorForm(rule.CIDRGroupSelector.LabelSelector)+"-["+except+"]"] = true
		default:
			b.add(rule)
		}
	}
	for _, form := range b.forms() {
		forms[form] = true
	}
	for _, name := range f.fqdns {
		forms[fqdnForm(name)] = true
	}
	for _, group := range f.groups {
		forms[groupForm(group)] = true
	}
	var services []string
	for _, service := range f.services {
		services = append(services, serviceForm(service))
	}
	closed := len(services) > 0 && (written(f.endpoints) || written(f.cidrSets))
	if (ports || closed) && len(services) > 1 {
		services = []string{"together:" + strings.Join(distinct(services), ",")}
	}
	for _, form := range services {
		if closed {
			form += fmt.Sprintf(", unless they fill endpoints %t blocks %t nobody", written(f.endpoints), written(f.cidrSets))
		}
		forms[form] = true
	}
	return forms
}

func fqdnForm(s api.FQDNSelector) string {
	pattern := matchpattern.Sanitize(s.MatchPattern)
	if s.MatchName != "" {
		pattern = dns.FQDN(s.MatchName)
	}
	return "fqdn:" + matchpattern.ToAnchoredRegexp(pattern)
}

func serviceForm(s api.Service) string {
	if selector := s.K8sServiceSelector; selector != nil {
		return "svcsel:" + selector.Namespace + "/" + selectorForm(selector.Selector.LabelSelector, withoutSource)
	}
	if named := s.K8sService; named != nil {
		return "svc:" + named.Namespace + "/" + named.ServiceName
	}
	return "svc:<matches nothing>"
}

func groupForm(g api.Groups) string {
	if g.AWS == nil {
		return "group:{}"
	}
	aws := *g.AWS
	aws.SecurityGroupsIds = distinct(aws.SecurityGroupsIds)
	aws.SecurityGroupsNames = distinct(aws.SecurityGroupsNames)
	text, _ := json.Marshal(aws)
	return "group:" + string(text)
}

func distinct(values []string) []string {
	sorted := slices.Clone(values)
	sort.Strings(sorted)
	return slices.Compact(sorted)
}
