package main

import (
	"strings"
	"testing"
)

func TestRedirectsEveryWebhookAndChangesNothingElse(t *testing.T) {
	service := `{"service":{"name":"lockstep","namespace":"lockstep","path":"/validate","port":443}}`
	configuration := `{"kind":"K","webhooks":[{"clientConfig":WAY,"failurePolicy":"Ignore","name":"a"},{"clientConfig":WAY,"name":"b"}]}`
	got, err := redirect([]byte(strings.ReplaceAll(configuration, "WAY", service)), "https://127.0.0.1:1", []byte("CA"))
	want := strings.ReplaceAll(configuration, "WAY", `{"caBundle":"Q0E=","url":"https://127.0.0.1:1/validate"}`)
	if err != nil || string(got) != want {
		t.Errorf("got %s %v\nwant %s", got, err, want)
	}
}

func TestDoesNotRegisterWhatItDoesNotUnderstand(t *testing.T) {
	for _, configuration := range []string{`{}`, `[]`, `{"webhooks":[]}`, `{"webhooks":[{"clientConfig":{"url":"https://x"}}]}`} {
		if got, err := redirect([]byte(configuration), "https://127.0.0.1:1", nil); err == nil {
			t.Errorf("%s became %s", configuration, got)
		}
	}
}

func TestKnowsFromMetricsWhetherTheWebhookAnswered(t *testing.T) {
	line := `apiserver_admission_webhook_request_total{code="200",name="policies.lockstep.mesh",operation="CREATE",rejected="false",type="validating"} 1`
	for metrics, asked := range map[string]bool{
		"other 1\n" + line + "\n":                               true,
		strings.Replace(line, "200", "0", 1):                    false,
		strings.Replace(line, "policies.lockstep.mesh", "x", 1): false,
		"# HELP " + line:                                        false,
		"":                                                      false,
	} {
		if wasAsked(metrics) != asked {
			t.Errorf("should be %v: %s", asked, metrics)
		}
	}
}
