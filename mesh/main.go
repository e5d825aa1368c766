// Command mesh runs a mesh of clusters on one machine: real kube-apiservers, each on an etcd of its own, without nodes, and where
// asked for a Lockstep in each. The demo is played on it, and the integration tests run against it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `Usage: mesh up   [--clusters N] [--directory DIR] [--webhook APP] [--controllers] [--control]
       mesh demo [--directory DIR] [--webhook APP]

up    starts a mesh of clusters and keeps it running until Ctrl-C
demo  starts a mesh of three with Lockstep in each and plays a story of policies on it;
      then keeps it running for you to try, or exits if DEMO=exit is in the environment

  --clusters N     how many, 1 to 9 (default 3): cluster1 to clusterN
  --directory DIR  keep the kubeconfig, the logs and everything else in DIR (default: a temporary folder, removed at the end)
  --webhook APP    the packaged application, a folder with quarkus-run.jar; run once for each cluster, with the JDK 25
                   that JAVA_HOME names (demo: target/quarkus-app of this checkout if not given); or a native executable
  --controllers    also run a kube-controller-manager for each cluster, for garbage collection, namespaces that are deleted
                   and Deployments; "mesh/build.sh controllers" builds it
  --control        read commands from stdin, a line each: stop cluster2, start cluster2 (its API server),
                   save cluster2, rewind cluster2 (to what it stored when it was saved), stop-webhook cluster2,
                   start-webhook cluster2, quit; each but quit is answered by a line on stdout, "ok ..." or
                   "error ..."; "ready FILE" says that everything is up and described in FILE; ends at EOF

KUBEBUILDER_ASSETS=DIR in the environment: use the etcd, kube-apiserver and kubectl in DIR.
LOCKSTEP_... in the environment reaches the webhooks.
MESH_LANE=N, 1 to 4: take ports from the Nth part of the range, apart from those of a mesh in another lane.
`

// Exit codes: 0 done; 1 something failed; 2 wrong usage; 130 interrupted before it was up or its story told.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	options, err := readOptions(os.Args[1:])
	switch {
	case errors.Is(err, errHelp):
		fmt.Print(usage)
		return
	case err != nil:
		fmt.Fprintf(os.Stderr, "mesh: %v\n\n%s", err, usage)
		os.Exit(exitUsage)
	}
	// A closed stdout (mesh demo | head) must not end us before we have ended what we started: with a receiver, which
	// nobody listens to, the write fails and progress reports it.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, cancel, options)
	cancel()
	os.Exit(code)
}

func run(ctx context.Context, cancel context.CancelFunc, options options) int {
	progress := newProgress(options, cancel)
	var commands <-chan string
	if options.control {
		commands = readCommands(cancel)
	}
	err := bringUp(ctx, options, progress, commands)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		progress.say("Interrupted.")
		return exitInterrupted
	default:
		progress.complain(err)
		return exitFailed
	}
}
