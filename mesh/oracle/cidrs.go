package main

import (
	"net/netip"
	"sort"
	"strings"

	"github.com/cilium/cilium/pkg/policy/api"
)

// prefixOf reads an address block, or an address alone, without what its mask hides.
func prefixOf(c api.CIDR) netip.Prefix {
	if prefix, err := netip.ParsePrefix(string(c)); err == nil {
		return prefix.Masked()
	}
	address, _ := netip.ParseAddr(string(c))
	return netip.PrefixFrom(address, address.BitLen())
}

// covers says whether a contains the whole of b.
func covers(a, b netip.Prefix) bool { return a.Bits() <= b.Bits() && a.Contains(b.Addr()) }

// exceptForm is the normal form of what is excepted from base, if there is one. Nothing is left of base where some is false.
func exceptForm(base *netip.Prefix, excepted []api.CIDR) (form string, some bool) {
	var prefixes []netip.Prefix
	for _, e := range excepted {
		prefixes = append(prefixes, prefixOf(e))
	}
	var kept []string
	for i, p := range prefixes {
		if base != nil && p.Bits() <= base.Bits() {
			return "", false
		}
		covered := false
		for j, q := range prefixes {
			covered = covered || (i != j && covers(q, p) && (q != p || j < i))
		}
		if !covered {
			kept = append(kept, p.String())
		}
	}
	sort.Strings(kept)
	return strings.Join(kept, ","), true
}

// blocks are the address blocks of one rule: whole ones, and those with a part excepted.
type blocks struct {
	whole  []netip.Prefix
	holed  []netip.Prefix
	except []string
}

func (b *blocks) add(rule api.CIDRRule) {
	base := prefixOf(rule.Cidr)
	except, some := exceptForm(&base, rule.ExceptCIDRs)
	switch {
	case !some:
	case except == "":
		b.whole = append(b.whole, base)
	default:
		b.holed = append(b.holed, base)
		b.except = append(b.except, except)
	}
}

// forms are the normal forms of the blocks that lie in no other whole one.
func (b *blocks) forms() (forms []string) {
	for i, p := range b.whole {
		covered := false
		for j, q := range b.whole {
			covered = covered || (i != j && covers(q, p) && (q != p || j < i))
		}
		if !covered {
			forms = append(forms, "cidr:"+p.String())
		}
	}
	for i, p := range b.holed {
		covered := false
		for _, q := range b.whole {
			covered = covered || covers(q, p)
		}
		if !covered {
			forms = append(forms, "cidr:"+p.String()+"-["+b.except[i]+"]")
		}
	}
	return forms
}
