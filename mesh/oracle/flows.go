package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
	policytypes "github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// finding is the first flow with two verdicts, if there is one.
type finding struct {
	flows      int
	difference string
}

// port is where a flow goes to.
type port struct {
	name     string
	protocol u8proto.U8proto
	number   uint16
}

func (u *universe) portList() (list []port) {
	for _, name := range sorted(u.ports) {
		protocol, err := u8proto.ParseProtocol(name)
		if err != nil {
			continue
		}
		for _, number := range slices.Sorted(maps.Keys(u.ports[name])) {
			list = append(list, port{name, protocol, uint16(number)})
		}
	}
	return list
}

// flows are those between everyone whom two policies can tell apart, on every port that matters, in both directions.
type flows struct {
	subjects, peers []identified
	identities      identity.IdentityMap
	ofSubjects      identity.IdentityMap
	ports           []port
}

func flowsOf(a, b *side, cluster string) *flows {
	u := universeOf(a, b)
	subjects, peers := representatives(u.population(a.scope(), cluster), a, b)
	identities := identity.IdentityMap{}
	host := false
	for _, who := range slices.Concat(peers, subjects) {
		if who.host && host {
			continue
		}
		host = host || who.host
		identities[who.identity.ID] = who.identity.LabelArray
	}
	identity.IterateReservedIdentities(func(number identity.NumericIdentity, i *identity.Identity) {
		if _, ok := identities[number]; !ok {
			identities[number] = i.LabelArray
		}
	})
	ofSubjects := identity.IdentityMap{}
	for _, who := range subjects {
		ofSubjects[who.identity.ID] = identities[who.identity.ID]
	}
	return &flows{subjects, peers, identities, ofSubjects, u.portList()}
}

// compare asks Cilium's engine about them. With lenient, the authentication that a flow needs is not compared.
func (f *flows) compare(a, b *side, lenient bool) finding {
	c := &comparison{ports: f.ports, peers: f.peers, lenient: lenient}
	one, other := newEngine(f.identities, f.ofSubjects, a), newEngine(f.identities, f.ofSubjects, b)
	for _, subject := range f.subjects {
		c.subject(subject, one.resolve(subject.identity, subject.host), other.resolve(subject.identity, subject.host))
		if c.found.difference != "" {
			break
		}
	}
	return c.found
}

type comparison struct {
	ports   []port
	peers   []identified
	lenient bool
	found   finding
}

func (c *comparison) subject(subject identified, a, b resolution) {
	if (a.err == nil) != (b.err == nil) {
		c.found.difference = fmt.Sprintf("subject [%s]: policy computation A=%v B=%v", subject.describe(), a.err, b.err)
		return
	}
	if a.err != nil || alike(&a, &b) {
		return
	}
	a.keys, b.keys = keysOf(a.policy), keysOf(b.policy)
	for _, ingress := range []bool{true, false} {
		key := policy.EgressKey()
		if ingress {
			key = policy.IngressKey()
		}
		ports := toldApart(c.ports, ingress, &a, &b)
		for _, peer := range c.peers {
			if peer.host && subject.host {
				continue
			}
			for _, p := range ports {
				k := key.WithIdentity(peer.identity.ID).WithPortPrefix(p.number, 16).WithProto(p.protocol)
				va, vb := verdictOf(&a, k, ingress, p, peer), verdictOf(&b, k, ingress, p, peer)
				c.found.flows++
				if c.lenient {
					va.authentication, vb.authentication = policytypes.AuthTypeDisabled, policytypes.AuthTypeDisabled
				}
				if va == vb {
					continue
				}
				direction := map[bool]string{true: "ingress", false: "egress"}[ingress]
				c.found.difference = fmt.Sprintf("%s of [%s] peer [%s] %s/%d: A %v; B %v", direction, subject.describe(),
					peer.describe(), p.name, p.number, va, vb)
				return
			}
		}
	}
}

type verdict struct {
	deny           bool
	authentication policytypes.AuthType
	proxied        string
	envoy          string
}

func (v verdict) String() string {
	return fmt.Sprintf("deny=%v auth=%v l7=%s envoy=%s", v.deny, v.authentication, v.proxied, v.envoy)
}

func verdictOf(r *resolution, key policytypes.Key, ingress bool, p port, peer identified) verdict {
	found, _, _ := r.policy.Lookup(key)
	v := verdict{deny: found.IsDeny(), authentication: found.AuthRequirement.AuthType()}
	listener := uint16(0)
	if !v.deny && found.IsRedirectEntry() {
		v.proxied = r.redirects.to(found.ProxyPort, peer.identity.ID) + " " + r.proxied(ingress, p.protocol, p.number, peer.identity.ID)
		if one := r.redirects.made[found.ProxyPort]; one != nil {
			listener = listenerPort(one.listener)
		}
	}
	if p.protocol == u8proto.TCP {
		v.envoy = r.envoy.lets(ingress, p.number, peer.identity.ID, listener)
	}
	return v
}
