package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
)

// startEtcd starts the one etcd of the mesh, in which each cluster has its own prefix, and gives its client URL. Its
// data need not survive a crash of the machine, so it does not wait for the disk.
func (m *mesh) startEtcd(ctx context.Context) (*process, string, error) {
	var url string
	start := func(ports []int) (*process, error) {
		url = "http://" + loopback(ports[0])
		peers := "http://" + loopback(ports[1])
		return startProcess("etcd", m.directory.log("etcd"), m.serverCommand(m.programs.Etcd,
			"--name=mesh",
			"--data-dir="+m.directory.in("etcd"),
			"--listen-client-urls="+url,
			"--advertise-client-urls="+url,
			"--listen-peer-urls="+peers,
			"--initial-advertise-peer-urls="+peers,
			"--initial-cluster=mesh="+peers,
			"--unsafe-no-fsync",
			"--log-level=warn",
		))
	}
	ready := func(ctx context.Context) error { return isOK(ctx, http.DefaultClient, url+"/health") }
	etcd, err := startOnFreePorts(ctx, m.ports, 2, start, ready)
	return etcd, url, err
}

// serverCommand is a program run in the mesh's directory.
func (m *mesh) serverCommand(program string, arguments ...string) *exec.Cmd {
	command := exec.Command(program, arguments...)
	command.Dir = m.directory.path
	command.Env = inheritedBy()
	return command
}

// isOK gives nil if a GET is answered by 200.
func isOK(ctx context.Context, client *http.Client, url string) error {
	body, status, err := get(ctx, client, url)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answers %d: %.200s", url, status, body)
	}
	return err
}
