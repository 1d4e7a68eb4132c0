{{- /* The chart's name in names and labels. */}}
{{- define "ecr-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* The name of most objects: short enough for what is added to it. */}}
{{- define "ecr-operator.fullname" -}}
{{- $name := include "ecr-operator.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "ecr-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ecr-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.create=false needs serviceAccount.name: the name of the ServiceAccount that is there" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* What tells the operator's pods from others; of a Deployment it can never change. */}}
{{- define "ecr-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ecr-operator.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /* Labels of every object. */}}
{{- define "ecr-operator.labels" -}}
{{- $own := dict
      "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
      "app.kubernetes.io/version" .Chart.AppVersion
      "app.kubernetes.io/component" "operator"
      "app.kubernetes.io/part-of" "ecr-operator"
      "app.kubernetes.io/managed-by" .Release.Service }}
{{- $selector := include "ecr-operator.selectorLabels" . | fromYaml }}
{{- toYaml (merge $selector $own .Values.commonLabels) }}
{{- end }}

{{- /* Labels of a pod: not the chart's version, by which each upgrade would replace the pods. */}}
{{- define "ecr-operator.podLabels" -}}
{{- omit (include "ecr-operator.labels" . | fromYaml) "helm.sh/chart" "app.kubernetes.io/managed-by" | toYaml }}
{{- end }}

{{- /* An image's reference, of its values and a default tag. */}}
{{- define "ecr-operator.image" -}}
{{- $image := index . 0 }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default (index . 1) $image.tag) }}
{{- end }}
{{- end }}
