package main

import (
	"path/filepath"
)

// Those of a real cluster whose effects the tests look at: what an owner left behind goes, a namespace that is deleted
// is emptied, and a Deployment has pods and a status. Without nodes, pods stay pending until a test plays the kubelet.
const controllerNames = "garbage-collector-controller,namespace-controller,deployment-controller,replicaset-controller"

// startControllers starts the cluster's kube-controller-manager, and does not wait: it serves nothing, and shows by what
// it does. It outlives restarts of its API server.
func (c *cluster) startControllers() error {
	credentials := filepath.Join(c.folder, "controllers.kubeconfig")
	if err := writeKubeconfig(credentials, c.adminAccess()); err != nil {
		return err
	}
	started, err := startProcess(c.name+"'s kube-controller-manager", c.mesh.directory.log(c.name+"-controllers"),
		c.mesh.serverCommand(c.mesh.programs.Controllers,
			"--kubeconfig="+credentials,
			"--controllers="+controllerNames,
			"--leader-elect=false",
			"--secure-port=0",
		))
	c.controllers = started
	return err
}
