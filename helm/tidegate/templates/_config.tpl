{{- /* tidegate.toml. toJson writes text and numbers as TOML reads them, whatever is in the text. */ -}}

{{- define "tidegate.config" -}}
{{- include "tidegate.required" . -}}
[kafka]
brokers = {{ toJson .Values.kafka.brokers }}
group = {{ toJson .Values.kafka.group }}
security = {{ toJson .Values.kafka.security }}
sasl_mechanism = {{ toJson .Values.kafka.saslMechanism }}
username = {{ toJson .Values.kafka.username }}
{{- if .Values.kafka.passwordSecret.name }}
password_file = "/etc/tidegate/secrets/kafka-password"
{{- end }}
{{- if .Values.kafka.caSecret.name }}
ca_file = "/etc/tidegate/secrets/kafka-ca.crt"
{{- end }}
{{- if .Values.kafka.certificateSecret.name }}
certificate_file = "/etc/tidegate/secrets/kafka-tls.crt"
key_file = "/etc/tidegate/secrets/kafka-tls.key"
{{- end }}
version = {{ toJson .Values.kafka.version }}
slice_records = {{ toJson .Values.kafka.sliceRecords }}
session_timeout = {{ toJson .Values.kafka.sessionTimeout }}
max_skew = {{ toJson .Values.kafka.maxSkew }}
topics.alerts = {{ toJson .Values.kafka.topics.alerts }}
topics.rejects = {{ toJson .Values.kafka.topics.rejects }}
topics.signals = {{ toJson .Values.kafka.topics.signals }}
suspects = {{ toJson .Values.kafka.suspects }}
topics.records = {{ toJson .Values.kafka.topics.records }}
topics.halves = {{ toJson .Values.kafka.topics.halves }}

[clickhouse]
url = {{ toJson .Values.clickhouse.url }}
{{- if .Values.clickhouse.passwordSecret.name }}
password_file = "/etc/tidegate/secrets/clickhouse-password"
{{- end }}
records = {{ toJson .Values.clickhouse.records }}
records_ttl = {{ toJson .Values.clickhouse.recordsTtl }}
alerts_ttl = {{ toJson .Values.clickhouse.alertsTtl }}
scores_share = {{ toJson .Values.clickhouse.scoresShare }}
timeout = {{ toJson .Values.clickhouse.timeout }}
{{ range .Values.sources }}
[[source]]
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{ snakecase $key }} = { {{- range $i, $name := keys $value | sortAlpha }}{{ if $i }}, {{ end }}{{ toJson $name }} = {{ toJson (get $value $name) }}{{ end -}} }
{{- else }}
{{ snakecase $key }} = {{ toJson $value }}
{{- end }}
{{- end }}
{{ end }}
{{- include "tidegate.tables" (dict "name" "manifest" "tables" .Values.manifests) }}
{{- include "tidegate.tables" (dict "name" "protect" "tables" .Values.protected) }}
{{- include "tidegate.tables" (dict "name" "classifier" "tables" .Values.classifiers) }}
[onnx]
provider = {{ toJson .Values.onnx.provider }}
memory_bytes = {{ toJson .Values.onnx.memoryBytes }}
largest_bytes = {{ toJson .Values.onnx.largestBytes }}
wait = {{ toJson .Values.onnx.wait }}
share_without_gpu = {{ toJson .Values.onnx.shareWithoutGpu }}

[images]
words = {{ toJson .Values.images.words }}
share = {{ toJson .Values.images.share }}

[deep]
{{- if .Values.deep.folder }}
folder = {{ toJson .Values.deep.folder }}
{{- end }}
prompts = {{ toJson .Values.deep.prompts }}
precision = {{ toJson .Values.deep.precision }}
words = {{ toJson .Values.deep.words }}

[budget]
alerts_per_day = {{ toJson .Values.budget.alertsPerDay }}

[calibration]
burn_in = {{ toJson .Values.calibration.burnIn }}
wait = {{ toJson .Values.calibration.wait }}
secret_file = "/etc/tidegate/secrets/installation"

[own_reference]
principals = {{ toJson .Values.ownReference.principals }}
days = {{ toJson .Values.ownReference.days }}

[state]
snapshots = "/var/lib/tidegate/snapshots"
interval_seconds = {{ toJson .Values.state.interval }}
max_principals = {{ toJson .Values.state.maxPrincipals }}

[pairing]
window = {{ toJson .Values.pairing.window }}
memory_bytes = {{ toJson .Values.pairing.memoryBytes }}

[limits]
record_bytes = {{ toJson .Values.limits.recordBytes }}
features = {{ toJson .Values.limits.features }}
depth = {{ toJson .Values.limits.depth }}
reject_bytes = {{ toJson .Values.limits.rejectBytes }}
{{ range $detector, $parameters := .Values.detectors }}
[detectors.{{ $detector }}]
{{- range $key, $value := $parameters }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{ end }}
{{- range .Values.outlets }}
[[outlet]]
{{- range $key, $value := omit . "secret" }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- if .secret }}
secret_file = "/etc/tidegate/secrets/outlet-{{ .name }}"
{{- end }}
{{ end }}
[metrics]
listen = "0.0.0.0:{{ .Values.metrics.port }}"

[log]
level = {{ toJson .Values.log.level }}
form = {{ toJson .Values.log.form }}
{{ end }}

{{- /* One [[name]] for each of a list of tables. Called with (dict "name" NAME "tables" LIST). */ -}}
{{- define "tidegate.tables" -}}
{{- $name := .name -}}
{{- range .tables }}
[[{{ $name }}]]
{{- range $key, $value := . }}
{{ snakecase $key }} = {{ toJson $value }}
{{- end }}
{{ end }}
{{- end }}

{{- /* What must be said, in the order in which one finds it out. */ -}}
{{- define "tidegate.required" -}}
{{- $_ := required "image.repository: say where you pushed the image that `make image` builds" .Values.image.repository -}}
{{- if not .Values.kafka.brokers -}}
{{- fail "kafka.brokers: say where Kafka is, such as [kafka-bootstrap.kafka:9092]" -}}
{{- end -}}
{{- $_ := required "clickhouse.url: say where ClickHouse is, such as clickhouse://tidegate@clickhouse.db:9000/tidegate" .Values.clickhouse.url -}}
{{- $_ := required "installationSecret.name: make a Secret first: kubectl create secret generic tidegate --from-literal=secret=$(openssl rand -hex 32)" .Values.installationSecret.name -}}
{{- end }}
