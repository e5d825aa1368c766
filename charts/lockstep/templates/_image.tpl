{{- /* How pods refer to an image: by its digest, if there is one. */ -}}
{{- define "lockstep.image" }}
{{- if .of.digest }}
{{- printf "%s@%s" .of.repository .of.digest }}
{{- else }}
{{- printf "%s:%s" .of.repository (.of.tag | default .version) }}
{{- end }}
{{- end }}
