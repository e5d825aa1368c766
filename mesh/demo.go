package main

import "context"

func (m *mesh) demonstrate(ctx context.Context) error { return nil }
func (m *mesh) sayHowToUse() {
	m.progress.say(`
The mesh is up. To use it from another terminal:

    export KUBECONFIG=%s
    %s --context cluster1 get cnp -A

Ctrl-C ends it.`, m.kubeconfig(), m.programs.Kubectl)
}
