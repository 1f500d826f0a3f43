{{- define "tidegate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "tidegate.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "tidegate.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "tidegate.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tidegate.selector" -}}
app.kubernetes.io/name: {{ include "tidegate.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tidegate.labels" -}}
{{ include "tidegate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "tidegate.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* tidegate.yaml: what values say, and over it what has to agree with the rest of the chart. Secrets are read from files (NAME_FILE in the pod). */}}
{{- define "tidegate.config" -}}
{{- $v := .Values -}}
{{- $url := printf "%s://%s:${TIDEGATE_CLICKHOUSE_PASSWORD}@%s:%d/%s" $v.clickhouse.scheme $v.clickhouse.user $v.clickhouse.host (int $v.clickhouse.port) $v.clickhouse.database -}}
{{- $store := dict "url" $url -}}
{{- if $v.clickhouse.cluster -}}{{- $_ := set $store "cluster" $v.clickhouse.cluster -}}{{- end -}}
{{- $server := dict "listen" "0.0.0.0:8080" "admin" "0.0.0.0:8081" "admin_token" "${TIDEGATE_ADMIN_TOKEN}" -}}
{{- $ours := dict "server" $server "data_dir" "/var/lib/tidegate" "store" $store -}}
{{- if $v.secret.journalKey -}}{{- $_ := set $ours "journal_key" "${TIDEGATE_JOURNAL_KEY}" -}}{{- end -}}
{{- if $v.secret.keyPepper -}}{{- $_ := set $ours "key_pepper" "${TIDEGATE_KEY_PEPPER}" -}}{{- end -}}
{{- if $v.keysFile.secret -}}{{- $_ := set $ours "keys_file" "/run/keys/keys.yaml" -}}{{- end -}}
{{- mergeOverwrite (deepCopy $v.config) $ours | toYaml -}}
{{- end -}}
