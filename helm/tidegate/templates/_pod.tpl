{{- /* What all pods have in common. Called with (dict "root" $ "config" NAME-OF-CONFIGMAP). */ -}}

{{- define "tidegate.podMetadata" -}}
labels:
  {{- include "tidegate.labels" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .component }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "tidegate.config" .root | sha256sum }}
  {{- with .root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "tidegate.pod" -}}
{{- $values := .root.Values -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $values.userId }}
  runAsGroup: {{ $values.userId }}
  fsGroup: {{ $values.userId }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "tidegate.container" -}}
{{- $image := .root.Values.image -}}
image: {{ if $image.digest }}{{ $image.repository }}@{{ $image.digest }}{{ else }}{{ $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
imagePullPolicy: {{ $image.pullPolicy }}
workingDir: /etc/tidegate
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "tidegate.env" -}}
- name: HOME
  value: /tmp
- name: NUMBA_CACHE_DIR
  value: /var/cache/numba
- name: OMP_NUM_THREADS
  value: "1"
{{- end }}

{{- define "tidegate.mounts" -}}
- name: config
  mountPath: /etc/tidegate
  readOnly: true
- name: tmp
  mountPath: /tmp
- name: compiled
  mountPath: /var/cache/numba
{{- end }}

{{- define "tidegate.volumes" -}}
- name: config
  projected:
    # Readable by the process's group only; tidegate doctor looks.
    defaultMode: 0440
    sources:
      - configMap:
          name: {{ .config }}
      {{- include "tidegate.secrets" . | trim | nindent 6 }}
- name: tmp
  emptyDir:
    sizeLimit: 1Gi
- name: compiled
  emptyDir:
    sizeLimit: 1Gi
{{- end }}

{{- /* Folders of files that tables of the configuration name: for who looks at records, and for the doctor. */ -}}
{{- define "tidegate.fileMounts" -}}
{{- range .Values.files }}
- name: files-{{ .name }}
  mountPath: /var/lib/tidegate/files/{{ .name }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "tidegate.fileVolumes" -}}
{{- range .Values.files }}
- name: files-{{ .name }}
  {{- if .claim }}
  persistentVolumeClaim: {claimName: {{ .claim | quote }}, readOnly: true}
  {{- else if .secret }}
  secret: {secretName: {{ .secret | quote }}, defaultMode: 0440}
  {{- else }}
  configMap: {name: {{ .configMap | quote }}, defaultMode: 0440}
  {{- end }}
{{- end }}
{{- end }}

{{- /* Existing Secrets as files under /etc/tidegate/secrets. */ -}}
{{- define "tidegate.secrets" -}}
{{- with .root.Values -}}
{{- include "tidegate.secretFile" (dict "secret" .installationSecret "file" "installation") }}
{{- include "tidegate.secretFile" (dict "secret" .kafka.passwordSecret "file" "kafka-password") }}
{{- include "tidegate.secretFile" (dict "secret" .kafka.caSecret "file" "kafka-ca.crt") }}
{{- with .kafka.certificateSecret.name }}
{{- include "tidegate.secretFile" (dict "secret" (dict "name" . "key" "tls.crt") "file" "kafka-tls.crt") }}
{{- include "tidegate.secretFile" (dict "secret" (dict "name" . "key" "tls.key") "file" "kafka-tls.key") }}
{{- end }}
{{- include "tidegate.secretFile" (dict "secret" .clickhouse.passwordSecret "file" "clickhouse-password") }}
{{- include "tidegate.secretFile" (dict "secret" .clickhouse.caSecret "file" "clickhouse-ca.crt") }}
{{- range .outlets }}
{{- if .secret }}
{{- include "tidegate.secretFile" (dict "secret" .secret "file" (printf "outlet-%s" .name)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if .migration }}
{{- include "tidegate.secretFile" (dict "secret" .root.Values.migration.passwordSecret "file" "migration-password") }}
{{- end }}
{{- end }}

{{- define "tidegate.secretFile" -}}
{{- if .secret.name }}
- secret:
    name: {{ .secret.name }}
    items:
      - {key: {{ .secret.key | quote }}, path: {{ printf "secrets/%s" .file | quote }}}
{{- end }}
{{- end }}

{{- /* The port of /metrics and /healthz, and the probes on it. */ -}}
{{- define "tidegate.probed" -}}
ports:
  - name: metrics
    containerPort: {{ .Values.metrics.port }}
# Only what a restart cures ends a pod: being without partitions, or waiting for ClickHouse, is not that.
startupProbe:
  httpGet: {path: /healthz/loop, port: metrics}
  periodSeconds: 5
  failureThreshold: {{ div .Values.worker.startupSeconds 5 }}
livenessProbe:
  httpGet: {path: /healthz/loop, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  # Kernels are compiled when the first records come, for a minute or more.
  failureThreshold: 18
readinessProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}

{{- /* Name of the volume claim that all share; empty where each has its own. */ -}}
{{- define "tidegate.sharedClaim" -}}
{{- if .Values.snapshots.existingClaim -}}
{{- .Values.snapshots.existingClaim -}}
{{- else if .Values.snapshots.shared -}}
{{- include "tidegate.fullname" . }}-snapshots
{{- end -}}
{{- end }}
