package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/fqdn/matchpattern"
	"github.com/cilium/cilium/pkg/policy/api"
)

func httpForm(rule api.PortRuleHTTP) string {
	c := *rule.DeepCopy()
	c.Headers = distinct(c.Headers)
	ordered := false
	for _, match := range c.HeaderMatches {
		ordered = ordered || match.Mismatch != ""
	}
	var matches []string
	if !ordered {
		for _, match := range c.HeaderMatches {
			text, _ := json.Marshal(match)
			matches = append(matches, string(text))
		}
		matches = distinct(matches)
		c.HeaderMatches = nil
	}
	text, _ := json.Marshal(c)
	return "http:" + string(text) + strings.Join(matches, "")
}

func dnsForms(rule api.PortRuleDNS) (forms []string) {
	if rule.MatchName != "" {
		forms = append(forms, "dns:"+matchpattern.ToUnAnchoredRegexp(dns.FQDN(rule.MatchName)))
	}
	if rule.MatchPattern != "" {
		forms = append(forms, "dns:"+matchpattern.ToUnAnchoredRegexp(matchpattern.Sanitize(rule.MatchPattern)))
	}
	if len(forms) == 0 {
		forms = append(forms, "dns:<nothing>")
	}
	return forms
}

// alternatives are the requests that a port rule lets through; the single alternative "" is not a filter at all.
func alternatives(rule api.PortRule) []string {
	set := map[string]bool{}
	if !rule.Rules.IsEmpty() {
		for _, http := range rule.Rules.HTTP {
			set[httpForm(http)] = true
		}
		for _, name := range rule.Rules.DNS {
			for _, form := range dnsForms(name) {
				set[form] = true
			}
		}
		if set["dns:.*"] {
			set = map[string]bool{"dns:.*": true}
		}
	}
	if len(set) == 0 {
		return []string{""}
	}
	var sorted []string
	for form := range set {
		sorted = append(sorted, form)
	}
	sort.Strings(sorted)
	return sorted
}

// settingsForm is the normal form of what a port rule asks of the proxy besides alternatives.
func settingsForm(rule api.PortRule, scope string) string {
	var parts []string
	if rule.TerminatingTLS != nil {
		text, _ := json.Marshal(rule.TerminatingTLS)
		parts = append(parts, "terminating="+string(text))
	}
	if rule.OriginatingTLS != nil {
		text, _ := json.Marshal(rule.OriginatingTLS)
		parts = append(parts, "originating="+string(text))
	}
	if len(rule.ServerNames) > 0 {
		var names []string
		for _, name := range rule.ServerNames {
			names = append(names, string(name))
		}
		parts = append(parts, "names="+strings.Join(distinct(names), ","))
	}
	if listener := rule.Listener; listener != nil {
		kind := listener.EnvoyConfig.Kind
		if kind == "" {
			kind = "CiliumEnvoyConfig"
			if scope == "" {
				kind = "CiliumClusterwideEnvoyConfig"
			}
		}
		parts = append(parts, fmt.Sprintf("listener=%s/%s/%s@%d", kind, listener.EnvoyConfig.Name, listener.Name, listener.Priority))
	}
	return strings.Join(parts, ";")
}
