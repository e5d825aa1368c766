package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// breakage is the reason for a mesh's end that nobody wanted.
type breakage struct{ error }

// watch ends the mesh when one of its servers ends that we did not stop: what is seen from then on would mislead.
func (m *mesh) watch(ctx context.Context, broken context.CancelCauseFunc) {
	for ctx.Err() == nil {
		for _, one := range m.processes() {
			if one.ended() && !one.asked.Load() {
				broken(breakage{one.endedByItself()})
				return
			}
		}
		pause(ctx, 4*pollPause)
	}
}

func (m *mesh) processes() []*process {
	var all []*process
	for _, c := range m.clusters {
		all = append(all, c.etcd.current(), c.apiServer())
		if c.controllers != nil {
			all = append(all, c.controllers)
		}
		if c.webhook != nil {
			all = append(all, c.webhook.current())
		}
	}
	return all
}

// readCommands gives the lines of stdin, one when it is asked for; at the end of stdin it says so by gone.
func readCommands(gone context.CancelFunc) <-chan string {
	lines := make(chan string)
	go func() {
		for read := bufio.NewScanner(os.Stdin); read.Scan(); {
			lines <- strings.TrimSpace(read.Text())
		}
		gone()
	}()
	return lines
}

// obey does what stdin says, until "quit" or its end.
func (m *mesh) obey(ctx context.Context) error {
	fmt.Printf("ready %s\n", m.descriptionFile())
	for {
		select {
		case <-ctx.Done():
			return nil
		case line := <-m.commands:
			if line == "quit" {
				return nil
			}
			if line != "" {
				m.answer(line, m.order(ctx, line))
			}
		}
	}
}

func (m *mesh) answer(line string, err error) {
	if err != nil {
		m.progress.complain(err)
		// One line: the whole is on stderr.
		fmt.Printf("error %s: %s\n", line, strings.ReplaceAll(err.Error(), "\n", " | "))
		return
	}
	fmt.Printf("ok %s\n", line)
}

// order does one command, and returns when its effect is there.
func (m *mesh) order(ctx context.Context, line string) error {
	words := strings.Fields(line)
	if len(words) != 2 {
		return errors.New("not a command: say stop, start, save, rewind, stop-webhook or start-webhook and a cluster's name, or quit")
	}
	cluster, err := m.cluster(words[1])
	if err != nil {
		return err
	}
	started := time.Now()
	if err := cluster.execute(ctx, words[0]); err != nil {
		return err
	}
	m.progress.step("%s (took %.1fs)", line, time.Since(started).Seconds())
	return m.describe()
}

func (m *mesh) cluster(name string) (*cluster, error) {
	for _, c := range m.clusters {
		if c.name == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("there is no %s: this mesh has cluster1 to cluster%d", name, len(m.clusters))
}

func (c *cluster) execute(ctx context.Context, verb string) error {
	switch verb {
	case "stop":
		return stopRunning(c.apiServer())
	case "start":
		if running := c.apiServer(); !running.ended() {
			return fmt.Errorf("%s is running already", running.name)
		}
		return c.restartAPIServer(ctx)
	case "save":
		return c.etcd.save()
	case "rewind":
		return c.rewind(ctx)
	}
	if c.webhook == nil {
		return fmt.Errorf("not a command for a mesh without webhooks: %s", verb)
	}
	switch verb {
	case "stop-webhook":
		return stopRunning(c.webhook.current())
	case "start-webhook":
		if running := c.webhook.current(); !running.ended() {
			return fmt.Errorf("%s is running already", running.name)
		}
		return c.webhook.restart(ctx)
	}
	return fmt.Errorf("there is no command %q", verb)
}

// rewind gives the cluster back what it stored when it was saved; resource versions go back as well.
func (c *cluster) rewind(ctx context.Context) error {
	if err := stopRunning(c.apiServer()); err != nil {
		return err
	}
	if err := c.etcd.restore(ctx); err != nil {
		return err
	}
	return c.restartAPIServer(ctx)
}

func stopRunning(running *process) error {
	if running.ended() {
		return fmt.Errorf("%s is not running", running.name)
	}
	running.stop(stopGrace)
	return nil
}
