package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// What differs is promised to be found within this time.
const driftBound = 5 * time.Second

// A peer that comes back is heard from within this time.
const peersBound = 30 * time.Second

// awaitPeers waits until cluster1's webhook can compare with every peer: one that was down is tried again after a pause.
func awaitPeers(ctx context.Context, m *mesh) error {
	ctx, cancel := context.WithTimeout(ctx, peersBound)
	defer cancel()
	url := m.clusters[0].webhook.managementURL("/q/health/group/mesh")
	for {
		err := isOK(ctx, http.DefaultClient, url)
		if err == nil || ctx.Err() != nil {
			return err
		}
		pause(ctx, pollPause)
	}
}

// showDrift asks cluster1's webhook what differs, as somebody with curl would, until it has found cluster3's copy.
func showDrift(ctx context.Context, m *mesh) error {
	url := m.clusters[0].webhook.managementURL("/mesh/policies")
	m.progress.say("\n%s", m.progress.in(bold, "$ curl -H 'Accept: text/plain' "+url))
	until := time.Now().Add(driftBound)
	for {
		table, err := getText(ctx, url)
		if err != nil {
			return err
		}
		if isDrift(table, "cluster3") {
			m.progress.say("%s\n%s", strings.TrimSpace(table), m.progress.in(green, "✔ found: Diverged, with cluster3"))
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("what differs was not found within %s:\n%s", driftBound, table)
		}
		pause(ctx, pollPause)
	}
}

// isDrift tells whether a line of the table says that a policy has diverged from this cluster.
func isDrift(table, cluster string) bool {
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "Diverged ") && strings.Contains(line, cluster) {
			return true
		}
	}
	return false
}

func getText(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Accept", "text/plain")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}
