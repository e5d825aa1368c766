package main

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGivesEachPortOnceAndOnlyFreeOnes(t *testing.T) {
	given := map[int]bool{}
	for _, port := range taken(t, "", 300) {
		if given[port] || port < lowestPort || port >= beyondPort {
			t.Fatalf("port %d was given twice or is out of range", port)
		}
		given[port] = true
	}
}

func TestLanesShareNoPort(t *testing.T) {
	first, second := taken(t, "1", 100), taken(t, "2", 100)
	if slices.Max(first) >= slices.Min(second) {
		t.Errorf("both lanes may give %d", slices.Max(first))
	}
	if last := slices.Max(taken(t, "4", 100)); last >= beyondPort {
		t.Errorf("%d is out of range", last)
	}
}

func TestKnowsFourLanes(t *testing.T) {
	for _, lane := range []string{"0", "5", "one"} {
		if ports, err := newPorts(lane); err == nil {
			t.Errorf("lane %s has %+v", lane, ports)
		}
	}
}

func portsOf(t *testing.T, lane string) *ports {
	t.Helper()
	ports, err := newPorts(lane)
	if err != nil {
		t.Fatal(err)
	}
	return ports
}

func taken(t *testing.T, lane string, count int) []int {
	t.Helper()
	ports, all := portsOf(t, lane), make([]int, count)
	for i := range all {
		port, err := ports.take()
		if err != nil {
			t.Fatal(err)
		}
		all[i] = port
	}
	return all
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
	server, err := startOnFreePorts(t.Context(), portsOf(t, ""), 1, start, ready)
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
	_, err := startOnFreePorts(t.Context(), portsOf(t, ""), 1, start, ready)
	if starts != 1 || err == nil || !strings.Contains(err.Error(), "no such flag") {
		t.Errorf("after %d starts: %v", starts, err)
	}
}
