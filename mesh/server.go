package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	startBound = 90 * time.Second // for a server to be ready, on a slow machine
	pollPause  = 50 * time.Millisecond
	takenPorts = 5 // how often another's being quicker is put up with
)

// readyCheck gives nil when a server answers, or else why it does not.
type readyCheck func(ctx context.Context) error

// startOnFreePorts starts a server on ports that are free, waits until it is ready, and begins again with other ports
// when somebody else has taken one in between.
func startOnFreePorts(ctx context.Context, ports *ports, count int,
	start func(ports []int) (*process, error), ready readyCheck) (*process, error) {
	for attempt := 1; ; attempt++ {
		taken := make([]int, count)
		for i := range taken {
			port, err := ports.take()
			if err != nil {
				return nil, err
			}
			taken[i] = port
		}
		server, err := start(taken)
		if err != nil {
			return nil, err
		}
		err = awaitReady(ctx, server, ready)
		if err == nil {
			return server, nil
		}
		lostThePort := server.ended() && saysPortIsTaken(server.output())
		server.stop(0)
		if !lostThePort || attempt == takenPorts {
			return nil, err
		}
	}
}

// awaitReady returns nil when the server is ready, and an error when it has ended, takes too long, or ctx is done.
func awaitReady(ctx context.Context, server *process, ready readyCheck) error {
	bound := time.Now().Add(startBound)
	for {
		err := ready(ctx)
		switch {
		case server.ended():
			return server.endedByItself()
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(bound):
			return server.failed(fmt.Sprintf("is not ready after %v (%v)", startBound, err),
				"If the machine is busy, try again or with fewer --clusters.")
		}
		pause(ctx, pollPause)
	}
}

// pause returns after a time, or as soon as ctx is done.
func pause(ctx context.Context, length time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}

// inParallel does the same to all, and gives the first error; the others are cancelled by it.
func inParallel[T any](ctx context.Context, all []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group sync.WaitGroup
	var once sync.Once
	var first error
	for _, one := range all {
		group.Go(func() {
			if err := do(ctx, one); err != nil {
				once.Do(func() { first = err })
				cancel()
			}
		})
	}
	group.Wait()
	return first
}

// inheritedBy is the environment of a server: ours, without what would lead it elsewhere.
func inheritedBy(with ...string) []string {
	return environmentWithout([]string{"KUBECONFIG=", "KUBERNETES_", "LOCKSTEP_CLUSTER_NAME=", "ETCD_"}, with...)
}

// environmentWithout is ours without the variables that begin so, and with others.
func environmentWithout(beginnings []string, with ...string) []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !beginsWithAny(variable, beginnings) {
			kept = append(kept, variable)
		}
	}
	return append(kept, with...)
}

func beginsWithAny(text string, beginnings []string) bool {
	for _, beginning := range beginnings {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}
