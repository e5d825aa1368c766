package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"
)

// askBound is how long one request of ours may take.
const askBound = 5 * time.Second

// auditPolicy records who asked for policies and what was answered, admission's audit annotations included, without
// the policies themselves. Tests read it.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  resources:
  - group: cilium.io
- level: None
`

// admissionConfiguration has an API server show the webhook who it is, as docs/operations.md says; by any name, since a
// webhook's port is not known before it is started.
const admissionConfiguration = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: ValidatingAdmissionWebhook
  configuration:
    apiVersion: apiserver.config.k8s.io/v1
    kind: WebhookAdmissionConfiguration
    kubeConfigFile: %s
`

const webhooksKubeconfig = `apiVersion: v1
kind: Config
users:
- name: '*'
  user:
    client-certificate-data: %s
    client-key-data: %s
`

// startAPIServer starts the cluster's kube-apiserver on a free port.
func (c *cluster) startAPIServer(ctx context.Context) error {
	start := func(ports []int) (*process, error) {
		c.port = ports[0]
		return c.launchAPIServer()
	}
	server, err := startOnFreePorts(ctx, c.mesh.ports, 1, start, c.isReady)
	c.setServer(server)
	return err
}

// restartAPIServer starts the cluster's kube-apiserver again, where it was.
func (c *cluster) restartAPIServer(ctx context.Context) error {
	server, err := c.launchAPIServer()
	if err != nil {
		return err
	}
	if err := awaitReady(ctx, server, c.isReady); err != nil {
		server.stop(0)
		return err
	}
	c.setServer(server)
	return nil
}

func (c *cluster) launchAPIServer() (*process, error) {
	file := func(name string) string { return filepath.Join(c.folder, name) }
	return startProcess(c.name+"'s kube-apiserver", c.log(), c.mesh.serverCommand(c.mesh.programs.APIServer,
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", c.port),
		"--cert-dir="+c.folder,
		"--tls-cert-file="+file("server.crt"),
		"--tls-private-key-file="+file("server.key"),
		"--client-ca-file="+file("ca.crt"),
		"--etcd-servers="+c.etcd.url(),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://"+c.name+".mesh.lockstep",
		"--service-account-key-file="+file("service-account.key"),
		"--service-account-signing-key-file="+file("service-account.key"),
		"--service-cluster-ip-range=10.0.0.0/24",
		"--endpoint-reconciler-type=none", // nobody reaches it through the Service "kubernetes", and loopback may not be in one
		"--admission-control-config-file="+file("admission.yaml"),
		"--audit-policy-file="+file("audit-policy.yaml"),
		"--audit-log-path="+c.auditLog(),
	))
}

// prepare makes the cluster's certificates and keys.
func (c *cluster) prepare() error {
	var err error
	if c.authority, err = newAuthority(c.name); err != nil {
		return err
	}
	if c.admin, err = c.authority.admin(); err != nil {
		return err
	}
	server, err := c.authority.server()
	if err != nil {
		return err
	}
	accounts, err := newKey()
	if err != nil {
		return err
	}
	accountKey, err := encodeKey(accounts)
	if err != nil {
		return err
	}
	if c.client, err = c.newClient(); err != nil {
		return err
	}
	clients, err := newAuthority(c.name + " webhook clients")
	if err != nil {
		return err
	}
	shown, err := clients.apiServer()
	if err != nil {
		return err
	}
	encoded := base64.StdEncoding.EncodeToString
	return writeSecrets(c.folder, map[string][]byte{
		"webhook-clients.crt": clients.pem,
		"webhooks.kubeconfig": fmt.Appendf(nil, webhooksKubeconfig, encoded(shown.Certificate), encoded(shown.Key)),
		"admission.yaml":      fmt.Appendf(nil, admissionConfiguration, filepath.Join(c.folder, "webhooks.kubeconfig")),
		"ca.crt":              c.authority.pem,
		"server.crt":          server.Certificate,
		"server.key":          server.Key,
		"service-account.key": accountKey,
		"audit-policy.yaml":   []byte(auditPolicy),
	})
}

// newClient makes an HTTP client that is the cluster's admin.
func (c *cluster) newClient() (*http.Client, error) {
	certificate, err := tls.X509KeyPair(c.admin.Certificate, c.admin.Key)
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(c.authority.certificate)
	return &http.Client{Timeout: askBound, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{certificate}},
	}}, nil
}

func (c *cluster) isReady(ctx context.Context) error {
	return isOK(ctx, c.client, c.url()+"/readyz")
}

func get(ctx context.Context, client *http.Client, url string) (body []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return body, response.StatusCode, err
}
