package main

import (
	"context"
	"fmt"
	"os/exec"
)

// installation is how Lockstep gets into the clusters: the command that starts it.
type installation struct {
	command []string
}

// planInstallation finds what an installation needs, before anything is started; nil where none is wanted.
func (m *mesh) planInstallation() (*installation, error) {
	folder := m.options.webhook
	if folder == "" && m.options.demo {
		folder = m.root.path("target", "quarkus-app")
	}
	if folder == "" {
		return nil, nil
	}
	// The heap that half of the Deployment's limit is: several start on one machine.
	const heap = "-Xmx256m"
	if isExecutable(folder) {
		return &installation{command: []string{folder, heap}}, nil
	}
	jar, err := findApplication(folder)
	if err != nil {
		return nil, err
	}
	java, err := findJava()
	if err != nil {
		return nil, err
	}
	// One compiler and one thread that collects: several start at once, and none serves for long.
	return &installation{command: []string{java, heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar}}, nil
}

// install brings up Lockstep in every cluster, as its documentation says, but as a process and not as a pod.
func (m *mesh) install(ctx context.Context, installation *installation) error {
	err := inParallel(ctx, m.clusters, func(ctx context.Context, c *cluster) error {
		c.webhook = &webhook{cluster: c, installation: installation}
		if err := m.makeCertificates(ctx, c.webhook.certificates()); err != nil {
			return err
		}
		return c.webhook.start(ctx)
	})
	if err != nil {
		return err
	}
	m.progress.step("webhooks ready: %d", len(m.clusters))
	err = inParallel(ctx, m.clusters, func(ctx context.Context, c *cluster) error {
		if err := c.register(ctx); err != nil {
			return err
		}
		return c.awaitCalls(ctx)
	})
	if err != nil {
		return err
	}
	m.progress.step("each API server is answered by its webhook")
	return nil
}

// makeCertificates makes a CA and a serving certificate with the script that an installation also uses.
func (m *mesh) makeCertificates(ctx context.Context, folder string) error {
	command := exec.Command(m.root.path("certs", "make-certs.sh"), "--out", folder,
		"--service", "lockstep", "--namespace", lockstepNamespace, "--name", "127.0.0.1", "--name", "localhost")
	out, err := outputOf(ctx, command)
	if err != nil {
		return fmt.Errorf("cannot make the webhook's certificate: certs/make-certs.sh: %w: %s", err, out)
	}
	return nil
}
