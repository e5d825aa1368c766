package main

import (
	"maps"
	"slices"

	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/u8proto"
)

// toldApart are the first of each class of ports that the two resolutions cannot tell apart, since all that is said of ports has them
// both or neither.
func toldApart(ports []port, ingress bool, a, b *resolution) (firsts []port) {
	seen := map[string]bool{}
	class := make([]byte, 0, 128)
	for _, p := range ports {
		class = append(class[:0], byte(p.protocol))
		class = b.whatHas(p, ingress, a.whatHas(p, ingress, class))
		if !seen[string(class)] {
			seen[string(class)] = true
			firsts = append(firsts, p)
		}
	}
	return firsts
}

// whatHas adds which of all that a resolution says of ports has this one.
func (r *resolution) whatHas(p port, ingress bool, class []byte) []byte {
	for _, key := range r.keys {
		class = append(class, yesNo(key.IsIngress() == ingress && (key.Nexthdr == u8proto.ANY || key.Nexthdr == p.protocol) &&
			key.DestPort <= p.number && p.number <= key.EndPort()))
	}
	for _, rule := range r.rules {
		class = append(class, yesNo(onPort(rule.filter, p.number)))
	}
	if p.protocol == u8proto.TCP {
		for _, each := range r.envoy.policies(ingress) {
			class = append(class, yesNo(isFor(each, p.number)))
		}
	}
	return class
}

// keysOf are the ports that entries of the kernel are for.
func keysOf(distilled *policy.EndpointPolicy) []policy.Key {
	keys := map[policy.Key]bool{}
	for key := range distilled.Entries() {
		keys[key.WithIdentity(0)] = true
	}
	return slices.Collect(maps.Keys(keys))
}
