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

const (
	// steadyRounds is how often the engine is asked about one policy, to see whether its answer is chance.
	steadyRounds = 10
	// doubtfulRounds is how often it is asked where the two policies do not always differ.
	doubtfulRounds = 300
	// sureRounds is how often they have to differ again to be taken for such that always do.
	sureRounds = 3
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
	// Unsteady says that flows differ, but the engine gives several answers about each of the two.
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

// compareFlows compares in every world: with the services that the policies speak of and without, and with Cilium's default of
// enable-node-selector-labels.
func (j *judge) compareFlows(a *answer) {
	defer func() {
		if p := recover(); p != nil {
			a.FlowDiff = fmt.Sprintf("panic: %v", p)
		}
	}()
	if one, other := a.A.parseByDefault(), a.B.parseByDefault(); (one == nil) != (other == nil) {
		a.FlowDiff = fmt.Sprintf("without enable-node-selector-labels: A %v; B %v", one, other)
		return
	}
	j.compareIn(nil, a, a.A, a.B)
	for _, w := range worldsOf(a.A, a.B) {
		if a.FlowDiff != "" {
			return
		}
		one, errOne := a.A.in(w)
		other, errOther := a.B.in(w)
		switch {
		case (errOne == nil) != (errOther == nil):
			a.FlowDiff = fmt.Sprintf("%s: A %v; B %v", w.name, errOne, errOther)
		case errOne == nil:
			j.compareIn(w, a, one, other)
		}
	}
}

func (j *judge) compareIn(w *world, a *answer, one, other *side) {
	flows := flowsOf(one, other, j.cluster)
	for _, lenient := range []bool{false, true} {
		found := flows.compare(one, other, lenient)
		a.Flows += found.flows
		if found.difference == "" {
			return
		}
		rounds := steadyRounds
		if !flows.differ(one, other, lenient) {
			rounds = doubtfulRounds
		}
		if !flows.unsteady(one, lenient, rounds) || !flows.unsteady(other, lenient, rounds) {
			a.FlowDiff = found.difference
			if w != nil {
				a.FlowDiff = w.name + ": " + found.difference
			}
			return
		}
		a.Unsteady = true
	}
}

// differ says whether the engine tells two policies apart each time it is asked.
func (f *flows) differ(one, other *side, lenient bool) bool {
	for range sureRounds {
		if f.compare(one, other, lenient).difference == "" {
			return false
		}
	}
	return true
}

// unsteady says whether the engine gives two answers about one policy.
func (f *flows) unsteady(s *side, lenient bool, rounds int) bool {
	for range rounds {
		if f.compare(s, s, lenient).difference != "" {
			return true
		}
	}
	return false
}
