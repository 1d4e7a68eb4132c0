{{- /* What the schema cannot say: values that are right each, and wrong together. */}}
{{- define "ecr-operator.checks" -}}
{{- if and (not .Values.leaderElection.enabled) (gt (int .Values.replicas) 1) }}
{{- fail "leaderElection.enabled=false needs replicas=1: more than one would act at once" }}
{{- end }}
{{- if and .Values.trustStore.configMap .Values.trustStore.secret }}
{{- fail "trustStore.configMap and trustStore.secret are both set: keep one" }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled }}
{{- fail "serviceMonitor.enabled and podMonitor.enabled are both true: each metric would be scraped twice, keep one" }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled (not .Values.service.enabled) }}
{{- fail "serviceMonitor.enabled needs service.enabled=true; or use podMonitor.enabled" }}
{{- end }}
{{- with .Values.podDisruptionBudget }}
{{- if and .enabled (not (include "ecr-operator.given" .minAvailable)) (not (include "ecr-operator.given" .maxUnavailable)) }}
{{- fail "podDisruptionBudget has neither minAvailable nor maxUnavailable: give one of them, or enabled=false" }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The value as text: empty where it is empty or null, and not for 0. */}}
{{- define "ecr-operator.given" -}}
{{- if not (kindIs "invalid" .) }}{{ . }}{{ end }}
{{- end }}
