// Command load sends requests to one server at a fixed rate, whether or not it keeps up, as an API server would: over
// HTTP/1.1, on connections that are kept. The attack is read as JSON from stdin, what came of it written to stdout.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

const (
	mostSeconds  = 300
	mostRate     = 2000
	idle         = 25 // connections, and for how long: k8s.io/apimachinery, util/net/http.go
	idleFor      = 90 * time.Second
	mostAtOnce   = 256
	shownLetters = 300
)

// attack is what is to be sent.
type attack struct {
	Address  string  `json:"address"`  // where the name of the URLs leads: host:port
	CA       string  `json:"ca"`       // PEM
	Rate     int     `json:"rate"`     // requests each second
	Seconds  int     `json:"seconds"`  // for how long
	Timeout  int     `json:"timeout"`  // seconds for each
	Fresh    bool    `json:"fresh"`    // whether each has a connection of its own
	Token    string  `json:"token"`    // bearer token, or empty
	Expected string  `json:"expected"` // what every body holds; or empty
	Refused  bool    `json:"refused"`  // whether every answer is to be a refusal; otherwise one below 300
	Targets  []order `json:"targets"`  // one after another, again and again
}

type order struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Type   string `json:"type"`
	Body   string `json:"body"`
}

// outcome is what came of it. Latencies are in microseconds.
type outcome struct {
	Requests    int            `json:"requests"`
	Failed      int            `json:"failed"`
	Failures    map[string]int `json:"failures"`
	Median      int64          `json:"p50"`
	Percentile  int64          `json:"p99"`
	Longest     int64          `json:"longest"`
	Connections int64          `json:"connections"`
}

func main() {
	var wanted attack
	err := json.NewDecoder(os.Stdin).Decode(&wanted)
	if err == nil {
		err = wanted.check()
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(wanted.run())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "load: %v\n", err)
		os.Exit(1)
	}
}

func (a attack) check() error {
	if a.Rate < 1 || a.Rate > mostRate || a.Seconds < 1 || a.Seconds > mostSeconds || len(a.Targets) == 0 {
		return fmt.Errorf("needs targets, a rate up to %d and seconds up to %d", mostRate, mostSeconds)
	}
	host, _, err := net.SplitHostPort(a.Address)
	if err != nil {
		return err
	}
	if address := net.ParseIP(host); address == nil || !address.IsLoopback() {
		return fmt.Errorf("%s is not this machine", a.Address)
	}
	return nil
}

func (a attack) run() outcome {
	client := newClient(a)
	attacker := vegeta.NewAttacker(vegeta.Client(client.http), vegeta.Workers(idle), vegeta.MaxWorkers(mostAtOnce))
	rate := vegeta.Rate{Freq: a.Rate, Per: time.Second}
	var metrics vegeta.Metrics
	result := outcome{Failures: map[string]int{}}
	for one := range attacker.Attack(vegeta.NewStaticTargeter(a.targets()...), rate, time.Duration(a.Seconds)*time.Second, "") {
		metrics.Add(one)
		if failure := a.failure(one); failure != "" {
			result.Failed++
			result.Failures[failure]++
		}
	}
	metrics.Close()
	result.Requests = int(metrics.Requests)
	result.Median = metrics.Latencies.P50.Microseconds()
	result.Percentile = metrics.Latencies.P99.Microseconds()
	result.Longest = metrics.Latencies.Max.Microseconds()
	result.Connections = client.connections.Load()
	return result
}

func (a attack) targets() []vegeta.Target {
	var targets []vegeta.Target
	for _, one := range a.Targets {
		header := http.Header{"Content-Type": {one.Type}, "Accept": {"application/json"}}
		if a.Token != "" {
			header.Set("Authorization", "Bearer "+a.Token)
		}
		targets = append(targets, vegeta.Target{Method: one.Method, URL: one.URL, Body: []byte(one.Body), Header: header})
	}
	return targets
}

// failure says what is wrong with a result; nothing if it is as it should be.
func (a attack) failure(one *vegeta.Result) string {
	body := string(one.Body)
	switch {
	case one.Code == 0:
		return one.Error
	case !a.expects(int(one.Code)), !strings.Contains(body, a.Expected):
		return fmt.Sprintf("HTTP %d: %s", one.Code, body[:min(len(body), shownLetters)])
	}
	return ""
}

func (a attack) expects(status int) bool {
	if a.Refused {
		return status >= http.StatusBadRequest && status < http.StatusInternalServerError && status != http.StatusTooManyRequests
	}
	return status < http.StatusMultipleChoices
}

func trusting(ca string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(ca))
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}
