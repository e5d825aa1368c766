package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
)

// cluster is one member of the mesh: an API server with its own etcd and its own authority, without nodes.
type cluster struct {
	mesh        *mesh
	name        string // cluster1 to cluster9
	id          int    // Cilium's cluster-id
	folder      string // holds its certificates, keys and credentials
	port        int
	etcd        *etcd
	authority   *authority
	admin       pair
	client      *http.Client // the admin's
	webhook     *webhook     // nil where none is wanted
	controllers *process     // nil where none are wanted

	hereToken string // of hereAccount
	peerToken string // of peerAccount

	mutex  sync.Mutex
	server *process // nil before the first start
}

func (c *cluster) url() string      { return "https://" + loopback(c.port) }
func (c *cluster) log() string      { return c.mesh.directory.log(c.name + "-apiserver") }
func (c *cluster) auditLog() string { return c.mesh.directory.log(c.name + "-audit") }

// clientAuthorityFile is the CA of what the API server shows the webhook.
func (c *cluster) clientAuthorityFile() string { return filepath.Join(c.folder, "webhook-clients.crt") }

func (c *cluster) adminAccess() access {
	return access{Name: c.name, Server: c.url(), Authority: c.authority.pem, Admin: c.admin}
}

func (c *cluster) setServer(server *process) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.server = server
}

func (c *cluster) apiServer() *process {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.server
}

// furnish gives the cluster what Cilium would have: the two kinds of policy, and its configuration.
func (c *cluster) furnish(ctx context.Context) error {
	// The system's namespaces are made after the server is ready.
	if _, err := c.kubectl(ctx, "", "wait", "--for=create", "--timeout=60s", "namespace/kube-system", "namespace/default"); err != nil {
		return err
	}
	// Server-side: the definitions are too big for the annotation that client-side apply writes.
	configuration := fmt.Sprintf(ciliumConfiguration, c.name, c.id)
	definitions := c.mesh.root.path("mesh", "bin", "crds")
	if _, err := c.kubectl(ctx, configuration, "apply", "--server-side", "--field-manager=mesh", "-f", definitions, "-f", "-"); err != nil {
		return fmt.Errorf("%w\nIf the policy kinds are missing, run mesh/build.sh", err)
	}
	return c.awaitPolicyKinds(ctx)
}

const ciliumConfiguration = `apiVersion: v1
kind: ConfigMap
metadata:
  name: cilium-config
  namespace: kube-system
data:
  cluster-name: %s
  cluster-id: "%d"
`

// awaitPolicyKinds waits until both kinds are served, which they are from when they are Established.
func (c *cluster) awaitPolicyKinds(ctx context.Context) error {
	served := func(ctx context.Context) error {
		for _, kind := range []string{"ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"} {
			if err := isOK(ctx, c.client, c.url()+"/apis/cilium.io/v2/"+kind); err != nil {
				return err
			}
		}
		return nil
	}
	return awaitReady(ctx, c.apiServer(), served)
}
