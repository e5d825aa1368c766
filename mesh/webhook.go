package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
)

// webhook is Lockstep in one cluster: the packaged application as a process on this machine. Where the API server finds
// it is fixed at its first start.
type webhook struct {
	cluster      *cluster
	installation *installation
	https        int // port
	management   int // port

	mutex   sync.Mutex
	process *process
}

func (w *webhook) log() string          { return w.cluster.mesh.directory.log(w.cluster.name + "-webhook") }
func (w *webhook) certificates() string { return filepath.Join(w.cluster.folder, "certs") }
func (w *webhook) caFile() string       { return filepath.Join(w.certificates(), "ca.crt") }
func (w *webhook) url(path string) string {
	return fmt.Sprintf("https://%s%s", loopback(w.https), path)
}

func (w *webhook) managementURL(path string) string {
	return fmt.Sprintf("http://%s%s", loopback(w.management), path)
}

func (w *webhook) current() *process {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.process
}

func (w *webhook) setCurrent(process *process) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.process = process
}

// start starts it on free ports and waits until it is ready.
func (w *webhook) start(ctx context.Context) error {
	start := func(ports []int) (*process, error) {
		w.https, w.management = ports[0], ports[1]
		return w.launch()
	}
	started, err := startOnFreePorts(ctx, w.cluster.mesh.ports, 2, start, w.isReady)
	w.setCurrent(started)
	return err
}

// restart starts it again, where it was.
func (w *webhook) restart(ctx context.Context) error {
	started, err := w.launch()
	if err != nil {
		return err
	}
	if err := awaitReady(ctx, started, w.isReady); err != nil {
		started.stop(0)
		return err
	}
	w.setCurrent(started)
	return nil
}

func (w *webhook) launch() (*process, error) {
	command := exec.Command(w.installation.command[0], w.installation.command[1:]...)
	command.Dir = w.cluster.folder
	command.Env = inheritedBy(
		"KUBECONFIG="+w.cluster.ownKubeconfig(),
		"LOCKSTEP_PEERS_DIRECTORY="+w.cluster.peersDirectory(),
		"LOCKSTEP_TLS_CERTIFICATE="+filepath.Join(w.certificates(), "tls.crt"),
		"LOCKSTEP_TLS_KEY="+filepath.Join(w.certificates(), "tls.key"),
		"LOCKSTEP_TLS_CLIENT_AUTHORITY="+w.cluster.clientAuthorityFile(),
		"QUARKUS_HTTP_HOST=127.0.0.1",
		// No Service sends requests here that would have to be waited for.
		"QUARKUS_SHUTDOWN_DELAY=0",
		fmt.Sprintf("QUARKUS_HTTP_SSL_PORT=%d", w.https),
		"QUARKUS_MANAGEMENT_HOST=127.0.0.1",
		fmt.Sprintf("QUARKUS_MANAGEMENT_PORT=%d", w.management),
	)
	return startProcess(w.cluster.name+"'s webhook", w.log(), command)
}

func (w *webhook) isReady(ctx context.Context) error {
	return isOK(ctx, http.DefaultClient, w.managementURL("/q/health/ready"))
}
