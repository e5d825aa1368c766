package main

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestGivesEachPortOnceAndOnlyFreeOnes(t *testing.T) {
	ports, given := newPorts(), map[int]bool{}
	for range 300 {
		port, err := ports.take()
		if err != nil {
			t.Fatal(err)
		}
		if given[port] || port < lowestPort || port >= beyondPort {
			t.Fatalf("port %d was given twice or is out of range", port)
		}
		given[port] = true
	}
}

func TestDoesNotTakeAPortThatSomebodyListensOn(t *testing.T) {
	listener, err := net.Listen("tcp", loopback(0))
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if isFree(port) {
		t.Errorf("port %d is listened on, and called free", port)
	}
	listener.Close()
	if !isFree(port) {
		t.Errorf("port %d is free again, and called taken", port)
	}
}

func TestStartsAgainOnAnotherPortWhenSomebodyWasQuicker(t *testing.T) {
	var tried []int
	start := func(ports []int) (*process, error) {
		tried = append(tried, ports[0])
		script := "echo 'listen tcp: bind: address already in use'; exit 1"
		if len(tried) == 3 {
			script = "sleep 60"
		}
		return startProcess("server", filepath.Join(t.TempDir(), "log"), exec.Command("sh", "-c", script))
	}
	ready := func(context.Context) error {
		if len(tried) < 3 {
			return errors.New("not yet")
		}
		return nil
	}
	server, err := startOnFreePorts(t.Context(), newPorts(), 1, start, ready)
	if err != nil {
		t.Fatal(err)
	}
	server.stop(0)
	if len(tried) != 3 || tried[0] == tried[1] || tried[1] == tried[2] {
		t.Errorf("tried the ports %v", tried)
	}
}

func TestGivesUpAtOnceWhenAServerEndsForAnotherReason(t *testing.T) {
	starts := 0
	start := func([]int) (*process, error) {
		starts++
		return startProcess("server", filepath.Join(t.TempDir(), "log"), exec.Command("sh", "-c", "echo no such flag; exit 2"))
	}
	ready := func(context.Context) error { return errors.New("not yet") }
	_, err := startOnFreePorts(t.Context(), newPorts(), 1, start, ready)
	if starts != 1 || err == nil || !strings.Contains(err.Error(), "no such flag") {
		t.Errorf("after %d starts: %v", starts, err)
	}
}
