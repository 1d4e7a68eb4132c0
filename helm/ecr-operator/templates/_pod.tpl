{{- /* The operator's environment, apart from extraEnv. What is not set here is the operator's own default. */}}
{{- define "ecr-operator.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: OPERATOR_LEADER_ELECTION
  value: {{ .Values.leaderElection.enabled | quote }}
- name: OPERATOR_HTTP_PORT
  value: {{ .Values.httpPort | quote }}
{{- with .Values.watchNamespaces }}
- name: OPERATOR_WATCH_NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.ownerId }}
- name: OPERATOR_OWNER_ID
  value: {{ . | quote }}
{{- end }}
{{- if lt (len .Values.kinds) 2 }}
- name: OPERATOR_KINDS
  value: {{ join "," .Values.kinds | quote }}
{{- end }}
{{- with .Values.settings }}
{{- with .concurrency }}
- name: OPERATOR_CONCURRENCY
  value: {{ . | int | quote }}
{{- end }}
{{- with .resync }}
- name: OPERATOR_RESYNC
  value: {{ . | quote }}
{{- end }}
{{- with .auditRate }}
- name: OPERATOR_AUDIT_RATE
  value: {{ . | quote }}
{{- end }}
{{- with .awsRates }}
{{- $rates := list }}
{{- range $operation, $rate := . }}
{{- $rates = append $rates (printf "%s=%s" $operation $rate) }}
{{- end }}
- name: OPERATOR_AWS_RATES
  value: {{ join "," $rates | quote }}
{{- end }}
{{- with .replicationLimits }}
- name: OPERATOR_REPLICATION_LIMITS
  value: {{ printf "rules=%d,destinations=%d,filters=%d" (int .rules) (int .destinations) (int .filters) | quote }}
{{- end }}
- name: OPERATOR_LOG_FORMAT
  value: {{ .logFormat | quote }}
- name: OPERATOR_LOG_LEVEL
  value: {{ .logLevel | quote }}
{{- end }}
{{- with .Values.aws.region }}
- name: AWS_REGION
  value: {{ . | quote }}
{{- end }}
{{- if .Values.aws.fips }}
- name: AWS_USE_FIPS_ENDPOINT
  value: "true"
{{- end }}
{{- if .Values.aws.dualStack }}
- name: AWS_USE_DUALSTACK_ENDPOINT
  value: "true"
{{- end }}
{{- with .Values.aws.endpoints.all }}
- name: AWS_ENDPOINT_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.endpoints.ecr }}
- name: AWS_ENDPOINT_URL_ECR
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.endpoints.ecrPublic }}
- name: AWS_ENDPOINT_URL_ECR_PUBLIC
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.endpoints.sts }}
- name: AWS_ENDPOINT_URL_STS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy }}
{{- if .https }}
- name: HTTPS_PROXY
  value: {{ .https | quote }}
# The AWS SDK's client takes this one, for HTTPS as well (aws-sdk-java-v2 issue 3868).
- name: HTTP_PROXY
  value: {{ .https | quote }}
- name: NO_PROXY
  # The API server, loopback, the pod identity agent, the instance metadata.
  value: {{ concat (list "$(KUBERNETES_SERVICE_HOST)" "kubernetes.default.svc" "localhost" "127.0.0.1" "169.254.170.23" "169.254.169.254") .noProxy | join "," | quote }}
{{- end }}
{{- end }}
{{- $jvm := list }}
{{- if or .Values.trustStore.configMap .Values.trustStore.secret }}
{{- $jvm = append $jvm (printf "-Djavax.net.ssl.trustStore=/etc/ecr-operator/trust/%s" .Values.trustStore.key) }}
{{- with .Values.trustStore.password }}
{{- $jvm = append $jvm (printf "-Djavax.net.ssl.trustStorePassword=%s" .) }}
{{- end }}
{{- end }}
{{- with .Values.jvmOptions }}
{{- $jvm = append $jvm . }}
{{- end }}
{{- with $jvm }}
- name: JAVA_TOOL_OPTIONS
  value: {{ join " " . | quote }}
{{- end }}
{{- end }}

{{- /* A probe's values, and what it asks. */}}
{{- define "ecr-operator.probe" -}}
{{- toYaml (merge (dict "httpGet" (dict "path" (index . 1) "port" "http")) (index . 0)) }}
{{- end }}
