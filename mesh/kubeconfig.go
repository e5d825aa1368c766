package main

import (
	"encoding/base64"
	"os"
	"strings"
	"text/template"
)

// access is one way into a cluster: its server, which CA to trust, and the credential: either a client certificate or a token.
type access struct {
	Name      string // of cluster, user and context
	Server    string // https URL
	Authority []byte // PEM
	Admin     pair   // client certificate, or empty
	Token     string // bearer token, or empty
}

// The form of https://kubernetes.io/docs/reference/config-api/kubeconfig.v1, everything inline.
var kubeconfigTemplate = template.Must(template.New("kubeconfig").
	Funcs(template.FuncMap{"base64": base64.StdEncoding.EncodeToString}).
	Parse(strings.TrimSpace(`
apiVersion: v1
kind: Config
current-context: {{(index . 0).Name}}
clusters:
{{- range .}}
- name: {{.Name}}
  cluster:
    server: {{.Server}}
    certificate-authority-data: {{base64 .Authority}}
{{- end}}
users:
{{- range .}}
- name: {{.Name}}
  user:
{{- if .Token}}
    token: {{.Token}}
{{- else}}
    client-certificate-data: {{base64 .Admin.Certificate}}
    client-key-data: {{base64 .Admin.Key}}
{{- end}}
{{- end}}
contexts:
{{- range .}}
- name: {{.Name}}
  context:
    cluster: {{.Name}}
    user: {{.Name}}
{{- end}}
`) + "\n"))

// kubeconfig is the text of a kubeconfig with a context for each access; the first is the current one.
func kubeconfig(accesses ...access) (string, error) {
	var text strings.Builder
	err := kubeconfigTemplate.Execute(&text, accesses)
	return text.String(), err
}

// writeKubeconfig replaces the file in one step: a reader sees either the old or the new one. Only the file's
// owner may read it.
func writeKubeconfig(path string, accesses ...access) error {
	text, err := kubeconfig(accesses...)
	if err != nil {
		return err
	}
	return replaceFile(path, []byte(text))
}

func replaceFile(path string, content []byte) error {
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
