package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
)

// Ports are taken from below those that the systems give to outgoing connections (Linux from 32768, macOS from 49152):
// a port whose server is stopped for a while must still be free when it is started again.
const (
	lowestPort = 20000
	beyondPort = 32000
	portTries  = 200
)

// ports hands out TCP ports of 127.0.0.1 that nothing listens on, each once. Somebody else may still take one before
// its server does: see startOnFreePorts.
type ports struct {
	mutex sync.Mutex
	given map[int]bool
}

func newPorts() *ports {
	return &ports{given: map[int]bool{}}
}

// take gives a free port, or an error when hardly any port is free.
func (p *ports) take() (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for range portTries {
		port := lowestPort + rand.IntN(beyondPort-lowestPort)
		if p.given[port] || !isFree(port) {
			continue
		}
		p.given[port] = true
		return port, nil
	}
	return 0, fmt.Errorf("no free port of 127.0.0.1 found between %d and %d in %d tries: end what holds them",
		lowestPort, beyondPort, portTries)
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
