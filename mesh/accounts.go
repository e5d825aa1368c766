package main

import (
	"context"
	"path/filepath"
	"strings"
)

const (
	lockstepNamespace = "lockstep"
	hereAccount       = "lockstep"      // what the webhook is in its own cluster
	peerAccount       = "lockstep-peer" // what the other members are in it
	tokenLife         = "24h"
)

// openAccounts applies the rights of Lockstep in this cluster from k8s/, and fetches tokens for both accounts.
func (c *cluster) openAccounts(ctx context.Context) error {
	manifest := func(name string) string { return c.mesh.root.path("k8s", name) }
	for _, arguments := range [][]string{
		{"apply", "-k", manifest("peer")},
		{"apply", "-f", manifest("base/10-namespace.yaml"), "-f", manifest("base/20-serviceaccount.yaml"), "-f", manifest("base/30-rbac.yaml"),
			"-f", manifest("base/35-history.yaml")},
	} {
		if _, err := c.kubectl(ctx, "", arguments...); err != nil {
			return err
		}
	}
	var err error
	if c.hereToken, err = c.token(ctx, hereAccount); err != nil {
		return err
	}
	c.peerToken, err = c.token(ctx, peerAccount)
	return err
}

func (c *cluster) token(ctx context.Context, account string) (string, error) {
	out, err := c.kubectl(ctx, "", "create", "token", account, "--namespace", lockstepNamespace, "--duration", tokenLife)
	return strings.TrimSpace(out), err
}

// exchangeCredentials writes for each cluster what its Lockstep needs: a kubeconfig for the cluster itself, and the
// folder of its peers', in each file one kubeconfig with the peer's name.
func (m *mesh) exchangeCredentials() error {
	for _, here := range m.clusters {
		if err := writeSecrets(here.peersDirectory(), nil); err != nil {
			return err
		}
		if err := writeKubeconfig(here.ownKubeconfig(), here.tokenAccess(here.hereToken)); err != nil {
			return err
		}
		for _, peer := range m.clusters {
			if peer == here {
				continue
			}
			file := filepath.Join(here.peersDirectory(), peer.name)
			if err := writeKubeconfig(file, peer.tokenAccess(peer.peerToken)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cluster) tokenAccess(token string) access {
	return access{Name: c.name, Server: c.url(), Authority: c.authority.pem, Token: token}
}

func (c *cluster) ownKubeconfig() string  { return filepath.Join(c.folder, "kubeconfig") }
func (c *cluster) peersDirectory() string { return filepath.Join(c.folder, "peers") }
