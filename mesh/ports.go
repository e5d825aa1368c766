package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
)

// Ports are taken from below those that the systems give to outgoing connections (Linux from 32768, macOS from 49152):
// a port whose server is stopped for a while must still be free when it is started again.
const (
	lowestPort = 20000
	beyondPort = 32000
	mostLanes  = 4
	portTries  = 200
)

// laneVariable names the one in the environment that keeps meshes apart which come and go side by side: each lane has
// ports of its own, so that none takes what a server of another, which is stopped for a while, will need again.
const laneVariable = "MESH_LANE"

// ports hands out TCP ports of 127.0.0.1 that nothing listens on, each once. Somebody else may still take one before
// its server does: see startOnFreePorts.
type ports struct {
	lowest, beyond int

	mutex sync.Mutex
	given map[int]bool
}

// newPorts gives those of a lane, from "1" to mostLanes; without one, all.
func newPorts(lane string) (*ports, error) {
	all := &ports{lowest: lowestPort, beyond: beyondPort, given: map[int]bool{}}
	if lane == "" {
		return all, nil
	}
	number, err := strconv.Atoi(lane)
	if err != nil || number < 1 || number > mostLanes {
		return nil, fmt.Errorf("%s %q is not between 1 and %d", laneVariable, lane, mostLanes)
	}
	width := (beyondPort - lowestPort) / mostLanes
	all.lowest += (number - 1) * width
	all.beyond = all.lowest + width
	return all, nil
}

// take gives a free port, or an error when hardly any port is free.
func (p *ports) take() (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for range portTries {
		port := p.lowest + rand.IntN(p.beyond-p.lowest)
		if p.given[port] || !isFree(port) {
			continue
		}
		p.given[port] = true
		return port, nil
	}
	return 0, fmt.Errorf("no free port of 127.0.0.1 found between %d and %d in %d tries: end what holds them",
		p.lowest, p.beyond, portTries)
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

func loopback(port int) string {
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// saysPortIsTaken recognises, in a server's log, that somebody else was quicker. Go says "address already in use",
// Vert.x "Address already in use", Quarkus "Port 8443 seems to be in use by another process".
func saysPortIsTaken(log string) bool {
	log = strings.ToLower(log)
	return strings.Contains(log, "address already in use") || strings.Contains(log, "seems to be in use")
}
