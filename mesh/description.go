package main

import (
	"encoding/json"
	"path/filepath"
)

// meshDescription is mesh.json: everything that a program needs to use the mesh. Paths are absolute.
type meshDescription struct {
	Directory  string               `json:"directory"`
	Kubeconfig string               `json:"kubeconfig"` // of the admin, a context for each cluster
	Programs   programs             `json:"programs"`
	Clusters   []clusterDescription `json:"clusters"`
}

type clusterDescription struct {
	Name                string              `json:"name"`
	Server              string              `json:"server"`  // URL
	Context             string              `json:"context"` // in the kubeconfig
	CAFile              string              `json:"caFile"`
	ClientAuthorityFile string              `json:"clientAuthorityFile"` // of the certificate that the API server shows the webhook
	OwnKubeconfig       string              `json:"ownKubeconfig"`       // of the account that Lockstep has here
	PeersDirectory      string              `json:"peersDirectory"`      // of the accounts that it has in its peers
	LogFile             string              `json:"logFile"`
	AuditLogFile        string              `json:"auditLogFile"` // a JSON object a line, for requests about policies
	PID                 int                 `json:"pid"`          // 0 while stopped
	Webhook             *webhookDescription `json:"webhook,omitempty"`
}

type webhookDescription struct {
	URL            string `json:"url"`
	HTTPSPort      int    `json:"httpsPort"`
	ManagementPort int    `json:"managementPort"`
	CAFile         string `json:"caFile"`
	LogFile        string `json:"logFile"`
	PID            int    `json:"pid"` // 0 while stopped
}

func (m *mesh) kubeconfig() string      { return m.directory.in("kubeconfig") }
func (m *mesh) descriptionFile() string { return m.directory.in("mesh.json") }

// describe writes mesh.json, again whenever a process was started or stopped.
func (m *mesh) describe() error {
	description := meshDescription{Directory: m.directory.path, Kubeconfig: m.kubeconfig(), Programs: m.programs}
	for _, c := range m.clusters {
		description.Clusters = append(description.Clusters, c.description())
	}
	text, err := json.MarshalIndent(description, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(m.descriptionFile(), append(text, '\n'))
}

func (c *cluster) description() clusterDescription {
	description := clusterDescription{
		Name:                c.name,
		Server:              c.url(),
		Context:             c.name,
		CAFile:              filepath.Join(c.folder, "ca.crt"),
		ClientAuthorityFile: c.clientAuthorityFile(),
		OwnKubeconfig:       c.ownKubeconfig(),
		PeersDirectory:      c.peersDirectory(),
		LogFile:             c.log(),
		AuditLogFile:        c.auditLog(),
		PID:                 pidOf(c.apiServer()),
	}
	if c.webhook != nil {
		description.Webhook = &webhookDescription{
			URL:            c.webhook.url("/validate"),
			HTTPSPort:      c.webhook.https,
			ManagementPort: c.webhook.management,
			CAFile:         c.webhook.caFile(),
			LogFile:        c.webhook.log(),
			PID:            pidOf(c.webhook.current()),
		}
	}
	return description
}

func pidOf(process *process) int {
	if process == nil || process.ended() {
		return 0
	}
	return process.pid()
}
