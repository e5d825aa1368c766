package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// register makes the API server ask the webhook: by the configuration of k8s/, in which only the way to it is another.
func (c *cluster) register(ctx context.Context) error {
	file := c.mesh.root.path("k8s", "base", "80-validatingwebhookconfiguration.yaml")
	configuration, err := c.kubectl(ctx, "", "create", "--dry-run=client", "-o", "json", "-f", file)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(c.webhook.caFile())
	if err != nil {
		return err
	}
	redirected, err := redirect([]byte(configuration), c.webhook.url(""), ca)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	_, err = c.kubectl(ctx, string(redirected), "apply", "-f", "-")
	return err
}

// redirect replaces in a ValidatingWebhookConfiguration, for each webhook, the Service by a URL with the Service's path.
func redirect(configuration []byte, base string, ca []byte) ([]byte, error) {
	var read map[string]any
	if err := json.Unmarshal(configuration, &read); err != nil {
		return nil, err
	}
	webhooks, _ := read["webhooks"].([]any)
	if len(webhooks) == 0 {
		return nil, errors.New("has no webhooks")
	}
	for _, one := range webhooks {
		webhook, _ := one.(map[string]any)
		client, _ := webhook["clientConfig"].(map[string]any)
		service, _ := client["service"].(map[string]any)
		path, _ := service["path"].(string)
		if path == "" {
			return nil, fmt.Errorf("the webhook %v has no clientConfig.service.path", webhook["name"])
		}
		webhook["clientConfig"] = map[string]any{"url": base + path, "caBundle": ca}
	}
	return json.Marshal(read)
}

// A policy nobody has. It is only sent as a dry run.
const probe = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: lockstep-mesh-probe
  namespace: default
spec:
  endpointSelector: {}
  ingress:
  - {}
`

// awaitCalls waits until the API server does ask its webhook, some moments after the registration, and gets answers.
// Until then policies would be admitted unasked.
func (c *cluster) awaitCalls(ctx context.Context) error {
	calls := func(ctx context.Context) error {
		if _, err := c.kubectl(ctx, probe, "create", "--dry-run=server", "-f", "-"); err != nil {
			return err
		}
		metrics, status, err := get(ctx, c.client, c.url()+"/metrics")
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("/metrics answered %d", status)
		}
		if err == nil && !wasAsked(string(metrics)) {
			err = fmt.Errorf("%s's API server does not get an answer from its webhook, see %s and %s",
				c.name, c.log(), c.webhook.log())
		}
		return err
	}
	return awaitReady(ctx, c.webhook.current(), calls)
}

// wasAsked tells from an API server's metrics whether one of Lockstep's webhooks has answered it.
// https://kubernetes.io/docs/reference/instrumentation/metrics: apiserver_admission_webhook_request_total
func wasAsked(metrics string) bool {
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "apiserver_admission_webhook_request_total{") &&
			strings.Contains(line, `.lockstep.mesh"`) && strings.Contains(line, `code="200"`) {
			return true
		}
	}
	return false
}
