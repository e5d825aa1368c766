package main

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// client is an HTTP client as that of an API server, which counts the connections it opens.
type client struct {
	http        *http.Client
	connections atomic.Int64
}

func newClient(a attack) *client {
	made := &client{}
	made.http = &http.Client{
		Timeout: time.Duration(a.Timeout) * time.Second,
		// With a dialer and a TLS configuration of its own, a transport does not speak HTTP/2.
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				made.connections.Add(1)
				return new(net.Dialer).DialContext(ctx, network, a.Address)
			},
			TLSClientConfig:     trusting(a.CA),
			DisableKeepAlives:   a.Fresh,
			MaxIdleConnsPerHost: idle,
			IdleConnTimeout:     idleFor,
		},
	}
	return made
}
