package main

import (
	"hash/fnv"
	"maps"
	"net/netip"
	"strings"

	"github.com/cilium/cilium/pkg/identity"
	k8s "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy/api"
)

const (
	otherValue = "zz-other"    // a label value that no selector asks for
	absent     = "\x00absent"  // stands for a label that is not there
	otherPeer  = "other"       // a cluster that no selector asks for
	otherSpace = "other-space" // a namespace that no selector asks for

	maxPods    = 1500 // combinations of labels of pods, for each namespace and cluster
	maxNodes   = 200
	maxGroups  = 300
	maxBoth    = 12 // other groups that an address of one is in as well
	maxSources = 8
)

// identified is somebody who can be at one end of a flow.
type identified struct {
	identity  *identity.Identity
	name      string
	pod, host bool
	namespace string
	local     bool // in the cluster that the policies are in
}

// population makes identities, each with a number of its own.
type population struct {
	universe *universe
	cluster  string
	all      []identified
	prefixes uint32
}

func (u *universe) population(namespace, cluster string) []identified {
	p := &population{universe: u, cluster: cluster}
	p.pods(namespace)
	p.reserved()
	p.nodes()
	p.addresses()
	p.cidrGroups()
	p.names()
	return p.all
}

// combinations are all ways to give each key one of its values, thinned to a limit with a spread.
func combinations(asked values, extra bool, limit int) []map[string]string {
	all := []map[string]string{{}}
	for _, key := range sorted(asked) {
		choices := sorted(asked[key])
		if extra {
			choices = append(choices, otherValue, absent)
		}
		var next []map[string]string
		for _, combination := range all {
			for _, value := range choices {
				longer := maps.Clone(combination)
				if value != absent {
					longer[key] = value
				}
				next = append(next, longer)
			}
		}
		all = next
		if len(all) > limit {
			step := len(all)/limit + 1
			var thinned []map[string]string
			for i := 0; i < len(all); i += step {
				thinned = append(thinned, all[i])
			}
			all = thinned
		}
	}
	return all
}

func number(cluster, local string) uint32 {
	if cluster == local {
		return 1
	}
	hash := fnv.New32()
	hash.Write([]byte(cluster))
	return 2 + hash.Sum32()%250
}

func (p *population) pods(namespace string) {
	asked := maps.Clone(p.universe.pods)
	places := values{}
	for key, more := range map[string][]string{
		k8s.PodNamespaceLabel:  {otherSpace, cmpOr(namespace, "ns1")},
		k8s.PolicyLabelCluster: {otherPeer, p.cluster},
	} {
		places.put(key, sorted(asked[key])...)
		places.put(key, more...)
		delete(asked, key)
	}
	n := uint32(300)
	everywhere := combinations(places, false, 1<<20)
	sourced := combinations(p.universe.sourced, true, maxSources)
	for _, own := range combinations(asked, true, maxPods) {
		for _, place := range everywhere {
			for _, other := range sourced {
				set := labels.Labels{}
				for key, value := range own {
					set[key] = labels.NewLabel(key, value, labels.LabelSourceK8s)
				}
				for key, value := range place {
					set[key] = labels.NewLabel(key, value, labels.LabelSourceK8s)
				}
				for _, key := range sorted(other) {
					value := other[key]
					source, name, _ := strings.Cut(key, ":")
					set[name] = labels.NewLabel(name, value, source)
				}
				n++
				cluster := place[k8s.PolicyLabelCluster]
				id := identity.NumericIdentity(number(cluster, p.cluster)<<16 | (n & 0xffff))
				p.all = append(p.all, identified{identity: identity.NewIdentity(id, set), pod: true,
					namespace: place[k8s.PodNamespaceLabel], local: cluster == p.cluster})
			}
		}
	}
}

func cmpOr(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func (p *population) reserved() {
	identity.IterateReservedIdentities(func(number identity.NumericIdentity, i *identity.Identity) {
		// The host is among the nodes; with both IP families on, nobody is just "world".
		if number != identity.ReservedIdentityHost && number != identity.ReservedIdentityWorld &&
			!strings.Contains(i.Labels.String(), "aggregate") {
			p.all = append(p.all, identified{identity: i})
		}
	})
}

// nodes are remote nodes, and hosts as subjects of policies for nodes.
func (p *population) nodes() {
	asked := maps.Clone(p.universe.nodes)
	clusters := values{}
	clusters.put(k8s.PolicyLabelCluster, sorted(asked[k8s.PolicyLabelCluster])...)
	clusters.put(k8s.PolicyLabelCluster, otherPeer, p.cluster)
	delete(asked, k8s.PolicyLabelCluster)
	n := 0
	for _, own := range combinations(asked, true, maxNodes) {
		for _, cluster := range sorted(clusters[k8s.PolicyLabelCluster]) {
			n++
			remote := labels.Labels{labels.IDNameRemoteNode: labels.NewLabel(labels.IDNameRemoteNode, "", labels.LabelSourceReserved)}
			host := labels.Labels{labels.IDNameHost: labels.NewLabel(labels.IDNameHost, "", labels.LabelSourceReserved)}
			for key, value := range own {
				remote[key] = labels.NewLabel(key, value, labels.LabelSourceNode)
				host[key] = labels.NewLabel(key, value, labels.LabelSourceK8s)
			}
			remote[k8s.PolicyLabelCluster] = labels.NewLabel(k8s.PolicyLabelCluster, cluster, labels.LabelSourceK8s)
			host[k8s.PolicyLabelCluster] = remote[k8s.PolicyLabelCluster]
			p.all = append(p.all,
				identified{identity: identity.NewIdentity(identity.IdentityScopeRemoteNode|identity.NumericIdentity(n), remote)},
				identified{identity: identity.NewIdentity(identity.ReservedIdentityHost, host), host: true, local: cluster == p.cluster})
		}
	}
}

func (p *population) address(prefix netip.Prefix, name string, more ...labels.Label) {
	p.prefixes++
	set := labels.GetCIDRLabels(prefix)
	for _, label := range more {
		set[label.Key] = label
	}
	id := identity.IdentityScopeLocal | identity.NumericIdentity(p.prefixes)
	p.all = append(p.all, identified{identity: identity.NewIdentity(id, set), name: name})
}

func single(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }

// addresses are the first and last of every block, and their neighbors outside.
func (p *population) addresses() {
	seen := map[netip.Addr]bool{}
	for _, prefix := range p.universe.blocks() {
		first := prefix.Addr()
		bits := first.AsSlice()
		for b := prefix.Bits(); b < first.BitLen(); b++ {
			bits[b/8] |= 1 << (7 - b%8)
		}
		last, _ := netip.AddrFromSlice(bits)
		for _, a := range []netip.Addr{first, last, last.Next(), first.Prev()} {
			if a.IsValid() && !seen[a] {
				seen[a] = true
				p.address(single(a), "")
			}
		}
	}
}

var elsewhere = netip.MustParsePrefix("198.51.100.7/32")

// cidrGroups are addresses in groups: one elsewhere, and one in every block.
func (p *population) cidrGroups() {
	everywhere := func(more ...labels.Label) {
		p.address(elsewhere, "", more...)
		for _, prefix := range p.universe.blocks() {
			p.address(single(prefix.Addr()), "", more...)
		}
	}
	for _, ref := range sorted(p.universe.groupRefs) {
		everywhere(api.LabelForCIDRGroupRef(ref))
	}
	if len(p.universe.groups) > 0 {
		groups := combinations(p.universe.groups, true, maxGroups)
		for i, own := range groups {
			everywhere(groupLabels(own)...)
			for _, other := range groups[:min(i, maxBoth)] {
				everywhere(append(groupLabels(own), groupLabels(other)...)...)
			}
		}
	}
	for _, form := range sorted(p.universe.external) {
		var set []labels.Label
		for _, key := range sorted(p.universe.external[form]) {
			set = append(set, labels.NewLabel(key, "", labels.LabelSourceCIDRGroup))
		}
		p.address(elsewhere, "", set...)
	}
}

func groupLabels(group map[string]string) (set []labels.Label) {
	for _, key := range sorted(group) {
		value := group[key]
		label := labels.NewLabel(key, value, labels.LabelSourceCIDRGroup)
		set = append(set, label, labels.EncodedCIDRGroupLabel(label.Key, label.Value, label.Source))
	}
	return set
}

// names are addresses that are known by a DNS name: each that is asked for, variants of each pattern, and an unrelated one.
func (p *population) names() {
	names := map[string]bool{"unrelated.example.": true}
	for _, selector := range p.universe.patterns() {
		pattern := strings.ToLower(selector.MatchName + selector.MatchPattern)
		for _, filling := range []string{"", "x", "x.y", "-"} {
			name := strings.ReplaceAll(strings.ReplaceAll(pattern, "**", "*"), "*", filling)
			name = strings.TrimPrefix(strings.TrimSuffix(name, "."), ".") + "."
			names[name], names["sub."+name], names["pre"+name] = true, true, true
		}
	}
	for _, name := range sorted(names) {
		var set []labels.Label
		for _, selector := range p.universe.patterns() {
			if expression, err := selector.ToRegex(); err == nil && expression.MatchString(name) {
				set = append(set, selector.IdentityLabel())
			}
		}
		p.address(elsewhere, name, set...)
	}
}
