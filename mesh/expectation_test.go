package main

import (
	"strings"
	"testing"
)

const refusal = `Warning: cluster1: default/p differs in 1 place: ingress[0].toPorts
Error from server (Forbidden): error when creating "p.yaml": admission webhook "policies.lockstep.mesh" denied the request: CiliumNetworkPolicy default/p would differ from cluster1.
  ingress[0].toPorts   here: …   cluster1: …
`

func TestTellsWhetherAnAnswerIsAsExpected(t *testing.T) {
	two := "Warning: default/p: 2 members do not have it: cluster2, cluster3\np created\n"
	atPorts := refused("ingress[0].toPorts", "cluster1", "cluster2")
	for name, one := range map[string]struct {
		expect expectation
		got    answer
		wrong  string // part of the only complaint; empty: none
	}{
		"silence":                   {silent(), answer{0, "p created\n"}, ""},
		"a failure":                 {silent(), answer{1, "Unable to connect\n"}, "should have been admitted"},
		"a warning too many":        {silent(), answer{0, two}, "should not warn"},
		"the warning":               {warned(missing("cluster2", "cluster3")), answer{0, two}, ""},
		"no warning":                {warned(missing("cluster2")), answer{0, "p created\n"}, "should warn"},
		"both warnings":             {warned(notCompared("cluster1"), missing("cluster2", "cluster3")), answer{0, "Warning: default/p: not compared with cluster1 (refused)\n" + two}, ""},
		"one warning of two":        {warned(notCompared("cluster1"), missing("cluster2", "cluster3")), answer{0, two}, "not compared with cluster1"},
		"the refusal":               {atPorts, answer{1, refusal}, ""},
		"admitted instead":          {atPorts, answer{0, refusal}, "should have been refused"},
		"refused, no place":         {refused("egress[7]", "cluster1"), answer{1, refusal}, "egress[7]"},
		"refused, another peer":     {refused("ingress[0].toPorts", "cluster3"), answer{1, refusal}, "should name cluster3"},
		"refused by Conflict":       {atPorts, answer{1, strings.Replace(refusal, "Forbidden", "Conflict", 1)}, "(Forbidden)"},
		"refused by others":         {atPorts, answer{1, strings.Replace(refusal, "policies.lockstep.mesh", "else", 1)}, "policies.lockstep.mesh"},
		"a place only in a warning": {refused("ingress[1]", "cluster1"), answer{1, "Warning: ingress[1]\n" + refusal}, "ingress[1]"},
	} {
		wrong := one.expect.complaints(one.got)
		if one.wrong == "" && len(wrong) > 0 {
			t.Errorf("%s: %q", name, wrong)
		}
		if one.wrong != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], one.wrong)) {
			t.Errorf("%s: %q, should be one that says %q", name, wrong, one.wrong)
		}
	}
}

func TestAWarningIsOfExactlyItsClusters(t *testing.T) {
	line := "default/p: 2 members still have the previous version: cluster2, cluster3"
	for _, one := range []struct {
		warning warning
		said    bool
	}{
		{previous("cluster2", "cluster3"), true},
		{previous("cluster2"), false},
		{previous("cluster1", "cluster2", "cluster3"), false},
		{missing("cluster2", "cluster3"), false},
	} {
		if one.warning.isSaidBy(line) != one.said {
			t.Errorf("%s %v: should be %v", one.warning.about, one.warning.names, one.said)
		}
	}
}
