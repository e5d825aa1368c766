package main

import (
	"bytes"
	"fmt"

	"github.com/cilium/cilium/pkg/labels"
	policytypes "github.com/cilium/cilium/pkg/policy/types"
)

// describe names who it is for people.
func (i identified) describe() string {
	if i.name != "" {
		return "name " + i.name + " " + i.identity.Labels.String()
	}
	return i.identity.Labels.String()
}

// representatives picks one of each class that the selectors of the two policies cannot tell apart, as subjects and as peers.
func representatives(all []identified, a, b *side) (subjects, peers []identified) {
	subjectSelectors, peerSelectors := selectorsOf(a, b)
	seenSubjects, seenPeers := map[string]bool{}, map[string]bool{}
	class := make([]byte, 0, 64)
	for _, who := range all {
		if who.pod || who.host {
			class = append(class[:0], who.namespace...)
			place := len(class) + 1
			class = matches(append(class, yesNo(who.pod)), subjectSelectors, who.identity.LabelArray)
			if !bytes.ContainsRune(class[place:], '1') {
				// No policy is about it, wherever it is.
				class = class[:0]
			}
			if !seenSubjects[string(class)] {
				seenSubjects[string(class)] = true
				subjects = append(subjects, who)
			}
		}
		class = append(class[:0], kindOf(who)...)
		class = matches(class, peerSelectors, who.identity.LabelArray)
		if !seenPeers[string(class)] {
			seenPeers[string(class)] = true
			peers = append(peers, who)
		}
	}
	return subjects, peers
}

// kindOf is what the engine itself tells apart, whatever the selectors.
func kindOf(who identified) string {
	switch {
	case who.pod && who.local:
		return "pod here"
	case who.pod:
		return "pod elsewhere"
	case who.host && who.local:
		return "host here"
	case who.host:
		return "host elsewhere"
	case who.identity.ID >= 1<<24:
		return fmt.Sprint("address or node ", who.identity.ID>>24, who.identity.Labels.HasWorldIPv6Label())
	}
	return who.identity.Labels.String()
}

func yesNo(yes bool) byte {
	if yes {
		return '1'
	}
	return '0'
}

func matches(class []byte, selectors policytypes.Selectors, of labels.LabelArray) []byte {
	for _, selector := range selectors {
		class = append(class, yesNo(selector.Matches(of)))
	}
	return class
}

func selectorsOf(sides ...*side) (subjects, peers policytypes.Selectors) {
	seen := map[string]bool{}
	for _, s := range sides {
		for _, entry := range s.entries {
			if key := fmt.Sprintf("subject %T%s%s", entry.Subject, entry.Subject.Key(), entry.Subject); !seen[key] {
				seen[key] = true
				subjects = append(subjects, entry.Subject)
			}
			for _, selector := range entry.L3 {
				if key := fmt.Sprintf("%T%s%s", selector, selector.Key(), selector); !seen[key] {
					seen[key] = true
					peers = append(peers, selector)
				}
			}
		}
	}
	return subjects, peers
}
