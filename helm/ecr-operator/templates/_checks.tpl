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
{{- $replicas := int .Values.replicas }}
{{- if and .Values.podDisruptionBudget.enabled (gt $replicas 0) }}
{{- with include "ecr-operator.given" .Values.podDisruptionBudget.minAvailable }}
{{- if ge (include "ecr-operator.ofReplicas" (list . $replicas) | int) $replicas }}
{{- fail (printf "podDisruptionBudget.minAvailable=%s of %d replicas lets none go, and a drain would wait for ever: lower it, raise replicas, or set podDisruptionBudget.enabled=false" . $replicas) }}
{{- end }}
{{- else }}
{{- if eq (include "ecr-operator.ofReplicas" (list (toString .Values.podDisruptionBudget.maxUnavailable) $replicas) | int) 0 }}
{{- fail "podDisruptionBudget.maxUnavailable=0 lets none go, and a drain would wait for ever: raise it, or set podDisruptionBudget.enabled=false" }}
{{- end }}
{{- end }}
{{- end }}
{{- include "ecr-operator.checkExtraEnv" . }}
{{- end }}

{{- /* How many of the replicas a number or percentage is: rounded up, as Kubernetes does. */}}
{{- define "ecr-operator.ofReplicas" -}}
{{- $share := index . 0 }}
{{- if hasSuffix "%" $share }}
{{- div (add (mul (trimSuffix "%" $share | int) (index . 1)) 99) 100 }}
{{- else }}
{{- int $share }}
{{- end }}
{{- end }}

{{- /* A variable that is there twice: the last one would count at an installation, and not at each upgrade. */}}
{{- define "ecr-operator.checkExtraEnv" -}}
{{- $values := dict
      "OPERATOR_LEADER_ELECTION" "leaderElection.enabled"
      "OPERATOR_HTTP_PORT" "httpPort"
      "OPERATOR_WATCH_NAMESPACES" "watchNamespaces"
      "OPERATOR_OWNER_ID" "ownerId"
      "OPERATOR_KINDS" "kinds"
      "OPERATOR_CONCURRENCY" "settings.concurrency"
      "OPERATOR_RESYNC" "settings.resync"
      "OPERATOR_AUDIT_RATE" "settings.auditRate"
      "OPERATOR_AWS_RATES" "settings.awsRates"
      "OPERATOR_REPLICATION_LIMITS" "settings.replicationLimits"
      "OPERATOR_LOG_FORMAT" "settings.logFormat"
      "OPERATOR_LOG_LEVEL" "settings.logLevel"
      "AWS_REGION" "aws.region"
      "AWS_USE_FIPS_ENDPOINT" "aws.fips"
      "AWS_USE_DUALSTACK_ENDPOINT" "aws.dualStack"
      "AWS_ENDPOINT_URL" "aws.endpoints.all"
      "AWS_ENDPOINT_URL_ECR" "aws.endpoints.ecr"
      "AWS_ENDPOINT_URL_ECR_PUBLIC" "aws.endpoints.ecrPublic"
      "AWS_ENDPOINT_URL_STS" "aws.endpoints.sts"
      "HTTPS_PROXY" "proxy.https"
      "HTTP_PROXY" "proxy.https"
      "NO_PROXY" "proxy.noProxy"
      "JAVA_TOOL_OPTIONS" "jvmOptions" }}
{{- $own := list }}
{{- range include "ecr-operator.env" . | fromYamlArray }}
{{- $own = append $own .name }}
{{- end }}
{{- $seen := list }}
{{- $wrong := list }}
{{- range .Values.extraEnv }}
{{- if has .name $own }}
{{- $value := get $values .name }}
{{- $wrong = append $wrong (printf "extraEnv sets %s, which the chart sets itself: %s" .name (ternary (printf "set %s instead" $value) "take it out" (ne $value ""))) }}
{{- else if has .name $seen }}
{{- $wrong = append $wrong (printf "extraEnv sets %s twice: keep one" .name) }}
{{- end }}
{{- $seen = append $seen .name }}
{{- end }}
{{- with $wrong }}
{{- fail (join "; " .) }}
{{- end }}
{{- end }}

{{- /* The value as text: empty where it is empty or null, and not for 0. */}}
{{- define "ecr-operator.given" -}}
{{- if not (kindIs "invalid" .) }}{{ . }}{{ end }}
{{- end }}
