// Command argocd runs the two parts of Argo CD that bring a repository into clusters, and what they keep their caches in. The
// version is the one that go.mod names. Left out are its server with the pages, sign-on, and Redis: an imitation is enough here.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/spf13/cobra"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	repository "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
)

const usage = "usage: argocd application-controller|repo-server FLAGS, or argocd redis ADDRESS"

func main() {
	if len(os.Args) < 2 {
		fail(usage)
	}
	switch os.Args[1] {
	case "application-controller":
		execute(controller.NewCommand())
	case "repo-server":
		execute(repository.NewCommand())
	case "redis":
		serveRedis(os.Args[2])
	default:
		fail(usage)
	}
}

// execute runs a command with the flags that follow its name; each ends on SIGTERM by itself.
func execute(command *cobra.Command) {
	command.SetArgs(os.Args[2:])
	if err := command.Execute(); err != nil {
		fail(err)
	}
}

func serveRedis(address string) {
	redis := miniredis.NewMiniRedis()
	if err := redis.StartAddr(address); err != nil {
		fail(err)
	}
	go func() {
		for range time.Tick(time.Second) {
			redis.FastForward(time.Second) // or else its clock stands still, and nothing expires
		}
	}()
	end := make(chan os.Signal, 1)
	signal.Notify(end, os.Interrupt, syscall.SIGTERM)
	<-end
}

func fail(reason any) {
	fmt.Fprintln(os.Stderr, "argocd:", reason)
	os.Exit(1)
}
