package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

// etcd is where one cluster's API server keeps everything. Its data need not survive a crash of the machine, so it does
// not wait for the disk.
type etcd struct {
	cluster *cluster
	clients int // port
	peers   int // port

	mutex   sync.Mutex
	process *process // nil before the first start
}

func (e *etcd) url() string    { return "http://" + loopback(e.clients) }
func (e *etcd) data() string   { return filepath.Join(e.cluster.folder, "etcd") }
func (e *etcd) backup() string { return filepath.Join(e.cluster.folder, "etcd-backup") }
func (e *etcd) log() string    { return e.cluster.mesh.directory.log(e.cluster.name + "-etcd") }

func (e *etcd) current() *process {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.process
}

func (e *etcd) setCurrent(process *process) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.process = process
}

// start starts it on free ports and waits until it is ready.
func (e *etcd) start(ctx context.Context) error {
	start := func(ports []int) (*process, error) {
		e.clients, e.peers = ports[0], ports[1]
		return e.launch()
	}
	started, err := startOnFreePorts(ctx, e.cluster.mesh.ports, 2, start, e.isReady)
	e.setCurrent(started)
	return err
}

func (e *etcd) launch() (*process, error) {
	peers := "http://" + loopback(e.peers)
	return startProcess(e.cluster.name+"'s etcd", e.log(), e.cluster.mesh.serverCommand(e.cluster.mesh.programs.Etcd,
		"--name="+e.cluster.name,
		"--data-dir="+e.data(),
		"--listen-client-urls="+e.url(),
		"--advertise-client-urls="+e.url(),
		"--listen-peer-urls="+peers,
		"--initial-advertise-peer-urls="+peers,
		"--initial-cluster="+e.cluster.name+"="+peers,
		"--unsafe-no-fsync",
		"--log-level=warn",
	))
}

func (e *etcd) isReady(ctx context.Context) error {
	return isOK(ctx, http.DefaultClient, e.url()+"/health")
}

// save copies its data as they are at this moment: what it would find if it were killed now.
func (e *etcd) save() error {
	if err := os.RemoveAll(e.backup()); err != nil {
		return err
	}
	e.current().signal(syscall.SIGSTOP)
	defer e.current().signal(syscall.SIGCONT)
	return os.CopyFS(e.backup(), os.DirFS(e.data()))
}

// restore puts the copy in the place of the data, while it is stopped, and starts it again where it was.
func (e *etcd) restore(ctx context.Context) error {
	if _, err := os.Stat(e.backup()); err != nil {
		return fmt.Errorf("%s was not saved: %w", e.cluster.name, err)
	}
	e.current().stop(stopGrace)
	if err := errors.Join(os.RemoveAll(e.data()), os.CopyFS(e.data(), os.DirFS(e.backup()))); err != nil {
		return err
	}
	started, err := e.launch()
	if err != nil {
		return err
	}
	e.setCurrent(started)
	return awaitReady(ctx, started, e.isReady)
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
		err = fmt.Errorf("%s answered %d: %.200s", url, status, body)
	}
	return err
}
