package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	k8s "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	slim "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
)

const (
	never   = "NEVER" // the normal form of a selector that selects nothing
	anyPeer = "{}"    // the normal form of a selector that selects everything
)

// requirement is the set of accepted values of one label key: a finite set, or everything but a finite set, and whether
// the key may be absent (pkg/k8s/slim/k8s/apis/labels/selector.go).
type requirement struct {
	absent   bool
	cofinite bool
	set      map[string]bool
}

func (r requirement) and(o requirement) requirement {
	both := requirement{absent: r.absent && o.absent, set: map[string]bool{}}
	switch {
	case r.cofinite && o.cofinite:
		both.cofinite = true
		for value := range r.set {
			both.set[value] = true
		}
		for value := range o.set {
			both.set[value] = true
		}
	case !r.cofinite && !o.cofinite:
		for value := range r.set {
			if o.set[value] {
				both.set[value] = true
			}
		}
	default:
		finite, other := r, o
		if r.cofinite {
			finite, other = o, r
		}
		for value := range finite.set {
			if !other.set[value] {
				both.set[value] = true
			}
		}
	}
	return both
}

func setOf(values []string) map[string]bool {
	set := map[string]bool{}
	for _, value := range values {
		set[value] = true
	}
	return set
}

// selectorForm is the normal form of a label selector; keyForm that of its keys.
func selectorForm(selector *slim.LabelSelector, keyForm func(string) string) string {
	if selector == nil {
		return "<nil>"
	}
	return formOf(requirementsOf(selector, keyForm))
}

// peerForm folds sources where only pods can be selected: nodes and CIDR groups have labels of other sources, and no namespace.
func peerForm(selector *slim.LabelSelector, fold bool) string {
	if selector != nil && fold {
		ofPod, reserved := false, false
		for key, r := range requirementsOf(selector, asIs) {
			_, name, _ := strings.Cut(key, ":")
			ofPod = ofPod || (!r.absent && ofNamespace(name))
			reserved = reserved || strings.HasPrefix(key, labels.LabelSourceReserved+":")
		}
		if ofPod && !reserved {
			return selectorForm(selector, foldKey)
		}
	}
	return selectorForm(selector, asIs)
}

// groupSelectorForm keeps requirements of one key apart: an address may be in several groups, with several values of it
// (matchesEncodedRequirements in pkg/policy/types/requirements.go).
func groupSelectorForm(selector *slim.LabelSelector) string {
	var parts []string
	for key, value := range selector.MatchLabels {
		parts = append(parts, fmt.Sprintf("%s In [%q]", key, value))
	}
	for _, e := range selector.MatchExpressions {
		parts = append(parts, fmt.Sprintf("%s %s %q", e.Key, e.Operator, distinct(e.Values)))
	}
	return "{" + strings.Join(distinct(parts), " ") + "}"
}

func requirementsOf(selector *slim.LabelSelector, keyForm func(string) string) map[string]requirement {
	byKey := map[string]requirement{}
	add := func(key string, r requirement) {
		key = keyForm(key)
		if known, ok := byKey[key]; ok {
			r = known.and(r)
		}
		byKey[key] = r
	}
	for key, value := range selector.MatchLabels {
		add(key, requirement{false, false, map[string]bool{value: true}})
	}
	for _, expression := range selector.MatchExpressions {
		switch expression.Operator {
		case slim.LabelSelectorOpIn:
			add(expression.Key, requirement{false, false, setOf(expression.Values)})
		case slim.LabelSelectorOpNotIn:
			add(expression.Key, requirement{true, true, setOf(expression.Values)})
		case slim.LabelSelectorOpExists:
			add(expression.Key, requirement{false, true, map[string]bool{}})
		case slim.LabelSelectorOpDoesNotExist:
			add(expression.Key, requirement{true, false, map[string]bool{}})
		}
	}
	return byKey
}

func formOf(byKey map[string]requirement) string {
	var parts []string
	for key, r := range byKey {
		if !r.absent && !r.cofinite && len(r.set) == 0 {
			return never
		}
		if r.absent && r.cofinite && len(r.set) == 0 {
			continue
		}
		values := make([]string, 0, len(r.set))
		for value := range r.set {
			values = append(values, strconv.Quote(value))
		}
		sort.Strings(values)
		op := "in"
		if r.cofinite {
			op = "notin"
		}
		parts = append(parts, fmt.Sprintf("%s(absent=%v,%s[%s])", key, r.absent, op, strings.Join(values, ",")))
	}
	sort.Strings(parts)
	return "{" + strings.Join(parts, " ") + "}"
}

func asIs(key string) string { return key }

var reservedNames = setOf([]string{"host", "remote-node", "world", "world-ipv4", "world-ipv6", "cluster", "cluster-mesh",
	"health", "init", "kube-apiserver", "ingress", "none", "unmanaged", "unknown"})

// foldKey makes one of the keys "any:x" and "k8s:x" in selectors of pods: labels of pods have the source k8s, and nothing
// but a reserved one could tell the keys apart.
func foldKey(key string) string {
	if name, ok := strings.CutPrefix(key, "any:"); ok && !reservedNames[name] {
		return "k8s:" + name
	}
	return key
}

// withoutSource is how keys of services' selectors are read: pkg/policy/k8s/service.go.
func withoutSource(key string) string {
	if _, name, ok := strings.Cut(key, ":"); ok {
		return name
	}
	return key
}

// ofNamespace says whether Cilium gives this label to pods, after their namespace.
func ofNamespace(name string) bool {
	return name == k8s.PodNamespaceLabel || strings.HasPrefix(name, k8s.PodNamespaceMetaLabels)
}
