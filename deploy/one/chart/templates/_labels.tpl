{{/* What selects the pod; of an installed release it never changes. */}}
{{- define "chasqui.labels" -}}
app.kubernetes.io/name: chasqui
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: all
{{- end }}
