{{- /*
What is served, and the CA for it, as JSON: authority, and where the chart makes it, certificate, key and renewAfter.

The CA's key is kept nowhere: each certificate has a CA of its own. A renewed one comes with the CA before, which the API
server goes on trusting while pods change over.
*/ -}}
{{- define "lockstep.certificate" }}
{{- $made := dict "authority" "" }}
{{- $from := .Values.certificates.from }}
{{- if eq $from "secret" }}
{{- $kept := (lookup "v1" "Secret" "lockstep" .Values.certificates.secret).data | default dict }}
{{- $_ := set $made "authority" (.Values.certificates.authority | default (get $kept "ca.crt" | b64dec)) }}
{{- else if eq $from "chart" }}
{{- $secret := lookup "v1" "Secret" "lockstep" "lockstep-tls" }}
{{- $kept := $secret.data | default dict }}
{{- $annotations := ($secret.metadata | default dict).annotations | default dict }}
{{- $renewAfter := get $annotations "lockstep.mesh/renew-after" }}
{{- $authority := get $kept "ca.crt" | b64dec }}
{{- if and $renewAfter (lt (now | date "2006-01-02") $renewAfter) }}
{{- $_ := set $made "authority" $authority }}
{{- $_ := set $made "certificate" (get $kept "tls.crt" | b64dec) }}
{{- $_ := set $made "key" (get $kept "tls.key" | b64dec) }}
{{- $_ := set $made "renewAfter" $renewAfter }}
{{- else }}
{{- $days := int .Values.certificates.days }}
{{- $name := "lockstep.lockstep.svc" }}
{{- $names := list $name (printf "%s.cluster.local" $name) }}
{{- $key := genPrivateKey "ecdsa" }}
{{- $ca := genCAWithKey "Lockstep CA" $days (genPrivateKey "ecdsa") }}
{{- $before := regexFind "(?s)^-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n" $authority }}
{{- $_ := set $made "authority" (print $ca.Cert $before) }}
{{- $_ := set $made "certificate" (genSignedCertWithKey "lockstep" nil $names $days $ca $key).Cert }}
{{- $_ := set $made "key" (include "lockstep.pkcs8" $key) }}
{{- $_ := set $made "renewAfter" (now | dateModify (printf "+%dh" (mul $days 16)) | date "2006-01-02") }}
{{- end }}
{{- end }}
{{- toJson $made }}
{{- end }}

{{- /* Java reads PKCS#8. A P-256 key as RFC 5915 has it is always as long, and so is what RFC 5208 puts before it. */ -}}
{{- define "lockstep.pkcs8" }}
{{- $words := regexReplaceAll "-----[A-Z ]+-----|\\s" . "" }}
{{- $before := b64dec "MIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHk=" }}
{{- printf "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" (print $before (b64dec $words) | b64enc) }}
{{- end }}
