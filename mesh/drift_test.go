package main

import "testing"

func TestADivergedPolicyIsFoundInTheTable(t *testing.T) {
	const table = "STATE   KIND   NAMESPACE   NAME   FIRST SEEN   PEERS\n" +
		"Diverged   CiliumNetworkPolicy   default   a   2026-01-01T10:00:00Z   cluster2,cluster3\n" +
		"RollingOut   CiliumNetworkPolicy   default   b   2026-01-01T10:00:00Z   cluster4\n"
	for cluster, expected := range map[string]bool{"cluster3": true, "cluster4": false, "cluster5": false} {
		if got := isDrift(table, cluster); got != expected {
			t.Errorf("%s: got %v", cluster, got)
		}
	}
}
