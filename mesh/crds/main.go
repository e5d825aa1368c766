// Command crds writes Cilium's own definitions of the two policy kinds and of CIDR groups, as its Go module carries them,
// into a folder.
// The version is the one that go.mod names, its content the one that go.sum vouches for; nothing is copied into git.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	crds "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client/crds/v2"
)

var kinds = []string{"ciliumnetworkpolicies.yaml", "ciliumclusterwidenetworkpolicies.yaml", "ciliumcidrgroups.yaml"}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: crds DIRECTORY")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "crds:", err)
		os.Exit(1)
	}
}

func write(directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	for _, name := range kinds {
		definition, err := crds.EmbedFS.ReadFile(name)
		if err != nil {
			return fmt.Errorf("%w: has this version of Cilium moved it? See its folder pkg/k8s/apis/cilium.io/client", err)
		}
		if err := os.WriteFile(filepath.Join(directory, name), definition, 0o644); err != nil {
			return err
		}
	}
	return nil
}
