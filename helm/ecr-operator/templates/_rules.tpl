{{- /*
What the operator may do with its kinds, where it watches. Each verb is used: a test compares what is granted here with
what a real API server was asked for, and takes each away in turn.
*/}}
{{- define "ecr-operator.rules" -}}
{{- $resources := dict "Repository" "repositories" "ImageReplication" "imagereplications" }}
{{- range $kind := .Values.kinds }}
- apiGroups: [ecroperator.dev]
  resources: [{{ get $resources $kind }}]
  verbs: [get, list, watch, patch]
- apiGroups: [ecroperator.dev]
  resources: [{{ get $resources $kind }}/status]
  verbs: [update{{ if eq $kind "ImageReplication" }}, patch{{ end }}]
{{- end }}
{{- if not (has "Repository" .Values.kinds) }}
- apiGroups: [ecroperator.dev]
  resources: [repositories]
  verbs: [list, watch]
{{- end }}
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end }}

{{- /* The uid of kube-system is the owner id, where none is set. */}}
{{- define "ecr-operator.ownerIdRule" -}}
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: [kube-system]
  verbs: [get]
{{- end }}
