package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// kubectl runs the real one against this cluster, as its admin, and gives what it wrote to stdout.
func (c *cluster) kubectl(ctx context.Context, stdin string, arguments ...string) (string, error) {
	command := c.mesh.kubectl(append([]string{"--context", c.name}, arguments...)...)
	var out, complaints bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(stdin), &out, &complaints
	if err := runCommand(ctx, command); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("kubectl --context %s %s: %w: %s", c.name, strings.Join(arguments, " "), err,
			strings.TrimSpace(complaints.String()))
	}
	return out.String(), nil
}

// kubectl is the real one, to be run with the mesh's kubeconfig. What it remembers of a server stays in our directory:
// in the user's home it would be taken for that of a later server on the same port.
func (m *mesh) kubectl(arguments ...string) *exec.Cmd {
	command := exec.Command(m.programs.Kubectl, arguments...)
	command.Dir = m.directory.path
	command.Env = inheritedBy("KUBECONFIG="+m.kubeconfig(), "KUBECACHEDIR="+m.directory.in("cache"))
	return command
}

// runCommand runs a command to its end, or to that of ctx.
func runCommand(ctx context.Context, command *exec.Cmd) error {
	command.SysProcAttr = ofOurOwn()
	command.WaitDelay = time.Second
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := onLastingThread(command.Start); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = command.Process.Kill() })
	defer stop()
	return command.Wait()
}

// outputOf runs a command and gives all that it wrote, as a terminal would show it.
func outputOf(ctx context.Context, command *exec.Cmd) (string, error) {
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := runCommand(ctx, command)
	return out.String(), err
}
