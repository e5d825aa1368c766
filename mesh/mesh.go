package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// How long a process may take to end when asked to. Nothing is lost by ending it: all data are thrown away.
const stopGrace = 3 * time.Second

// mesh is the clusters, and where everything lies.
type mesh struct {
	options   options
	progress  *progress
	commands  <-chan string // nil without --control
	root      checkout
	programs  programs
	directory *directory
	ports     *ports
	clusters  []*cluster
}

// bringUp brings a mesh up, does with it what the options say, and ends it, whatever happens in between.
func bringUp(ctx context.Context, options options, progress *progress, commands <-chan string) (err error) {
	m := &mesh{options: options, progress: progress, commands: commands}
	if m.ports, err = newPorts(os.Getenv(laneVariable)); err != nil {
		return err
	}
	if m.root, err = findCheckout(); err != nil {
		return err
	}
	if m.programs, err = findPrograms(m.root, options.controllers); err != nil {
		return err
	}
	installation, err := m.planInstallation()
	if err != nil {
		return err
	}
	if m.directory, err = openDirectory(options.directory); err != nil {
		return err
	}
	defer m.directory.close()
	defer m.stop()
	if err := m.start(ctx); err != nil {
		return err
	}
	if installation != nil {
		if err := m.install(ctx, installation); err != nil {
			return err
		}
	}
	if err := m.describe(); err != nil {
		return err
	}
	return m.live(ctx)
}

// live is what the mesh is for.
func (m *mesh) live(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go m.watch(ctx, cancel)
	var err error
	switch {
	case m.options.demo:
		err = m.demonstrate(ctx)
	case m.options.control:
		err = m.obey(ctx)
	default:
		m.sayHowToUse()
		<-ctx.Done()
	}
	if broken := new(breakage); errors.As(context.Cause(ctx), broken) {
		return *broken
	}
	return err
}

// start brings up the clusters, without Lockstep.
func (m *mesh) start(ctx context.Context) (err error) {
	for id := 1; id <= m.options.clusters; id++ {
		name := fmt.Sprintf("cluster%d", id)
		c := &cluster{mesh: m, name: name, id: id, folder: m.directory.in("clusters", name)}
		c.etcd = &etcd{cluster: c}
		m.clusters = append(m.clusters, c)
	}
	err = inParallel(ctx, m.clusters, func(ctx context.Context, c *cluster) error {
		if err := c.prepare(); err != nil {
			return err
		}
		if err := c.etcd.start(ctx); err != nil {
			return err
		}
		return c.startAPIServer(ctx)
	})
	if err != nil {
		return err
	}
	var accesses []access
	for _, c := range m.clusters {
		accesses = append(accesses, c.adminAccess())
	}
	if err := writeKubeconfig(m.kubeconfig(), accesses...); err != nil {
		return err
	}
	m.progress.step("API servers ready: %d", len(m.clusters))
	err = inParallel(ctx, m.clusters, func(ctx context.Context, c *cluster) error {
		if err := c.furnish(ctx); err != nil {
			return err
		}
		if err := c.openAccounts(ctx); err != nil || !m.options.controllers {
			return err
		}
		return c.startControllers()
	})
	if err != nil {
		return err
	}
	if err := m.exchangeCredentials(); err != nil {
		return err
	}
	m.progress.step("each with Cilium's policy kinds, and accounts for Lockstep here and in its peers")
	return nil
}

// stop ends everything that was started: first the processes that ask, then those that are asked.
func (m *mesh) stop() {
	var clients, servers, stores []*process
	for _, c := range m.clusters {
		clients = append(clients, c.controllers)
		if c.webhook != nil {
			clients = append(clients, c.webhook.current())
		}
		servers = append(servers, c.apiServer())
		stores = append(stores, c.etcd.current())
	}
	stopAll(clients...)
	stopAll(servers...)
	stopAll(stores...)
}

func stopAll(processes ...*process) {
	var group sync.WaitGroup
	for _, one := range processes {
		if one != nil {
			group.Go(func() { one.stop(stopGrace) })
		}
	}
	group.Wait()
}
