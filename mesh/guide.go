package main

import "path/filepath"

// sayHowToUse tells how to use a mesh that is up from another terminal.
func (m *mesh) sayHowToUse() {
	m.progress.say(`
The mesh is up. To use it from another terminal:

    export KUBECONFIG=%s
    %s --context cluster1 get cnp

For programs, all of this is in %s. Ctrl-C ends it.`, m.kubeconfig(), m.programs.Kubectl, m.descriptionFile())
}

// sayHowToTry tells the audience of the story how to go on by themselves.
func (m *mesh) sayHowToTry() {
	first := m.clusters[0].webhook
	m.progress.say(`
The mesh stays up. To try it by hand, in another terminal:

    cd %s
    export KUBECONFIG=%s PATH=%s:$PATH
    kubectl --context cluster1 get cnp
    kubectl --context cluster2 edit cnp allow-cross-cluster

What differs now, as cluster1 sees it: %s, in a browser.
Its webhook's decisions are in %s,
its metrics are at %s. Ctrl-C ends it all.`,
		m.policies(), m.kubeconfig(), filepath.Dir(m.programs.Kubectl), first.managementURL("/mesh"), first.log(),
		first.managementURL("/q/metrics"))
}
