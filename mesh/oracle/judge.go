package main

import (
	"fmt"
	"slices"
)

// The verdicts.
const (
	same        = "same"
	sameFlows   = "same-flows"
	different   = "different"
	aInvalid    = "a-invalid"
	bInvalid    = "b-invalid"
	bothInvalid = "both-invalid"
)

// answer is what is said of a pair.
type answer struct {
	ID    string `json:"id"`
	Error string `json:"error,omitempty"`
	A     *side  `json:"a,omitempty"`
	B     *side  `json:"b,omitempty"`
	// DeepEqual is Cilium's own comparison of the parsed rules.
	DeepEqual bool `json:"deepEqual"`
	// FormEqual says that both make the same statements, FoldedEqual that they do with sources folded.
	FormEqual   bool `json:"formEqual"`
	FoldedEqual bool `json:"foldedEqual"`
	// Flows is the number of flows asked for, FlowDiff the first that differs.
	Flows    int    `json:"flows"`
	FlowDiff string `json:"flowDiff,omitempty"`
	// Unsteady says that flows differ in nothing but authentication, and the normal forms not at all.
	Unsteady bool   `json:"unsteady,omitempty"`
	Verdict  string `json:"verdict,omitempty"`
}

type judge struct {
	schemas map[string]*crd
	cluster string
	flows   bool
}

func (j *judge) judge(p pair) *answer {
	a := &answer{ID: p.ID, A: j.read(p.A, p.OptionsA), B: j.read(p.B, p.OptionsB)}
	switch {
	case !a.A.Valid && !a.B.Valid:
		a.Verdict = bothInvalid
	case !a.A.Valid:
		a.Verdict = aInvalid
	case !a.B.Valid:
		a.Verdict = bInvalid
	default:
		j.compare(a)
	}
	return a
}

func (j *judge) read(object map[string]any, o *options) *side {
	cluster, defaultLocal := j.cluster, true
	if o != nil && o.Cluster != "" {
		cluster = o.Cluster
	}
	if o != nil && o.DefaultLocal != nil {
		defaultLocal = *o.DefaultLocal
	}
	return read(wrap(object), cluster, defaultLocal, j.schemas)
}

func (j *judge) compare(a *answer) {
	a.DeepEqual = a.A.rules.DeepEqual(&a.B.rules)
	a.FormEqual = slices.Equal(statements(a.A, false), statements(a.B, false))
	a.FoldedEqual = slices.Equal(statements(a.A, true), statements(a.B, true))
	if j.flows {
		j.compareFlows(a)
	}
	switch {
	case a.FlowDiff != "":
		a.Verdict = different
	case a.FormEqual || a.FoldedEqual:
		a.Verdict = same
	default:
		a.Verdict = sameFlows
	}
}

func (j *judge) compareFlows(a *answer) {
	defer func() {
		if p := recover(); p != nil {
			a.FlowDiff = fmt.Sprintf("panic: %v", p)
		}
	}()
	found := compareFlows(a.A, a.B, j.cluster)
	if found.onlyAuthentication && (a.FormEqual || a.FoldedEqual) {
		a.Unsteady = true
		found.difference = ""
	}
	a.Flows, a.FlowDiff = found.flows, found.difference
}
