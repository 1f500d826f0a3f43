{{/* The pod, for either workload. */}}
{{- define "tidegate.pod" -}}
{{- $drain := int (dig "server" "drain_s" 300 .Values.config) -}}
metadata:
  labels:
    {{- include "tidegate.selector" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed configuration makes new pods, one after the other.
    checksum/config: {{ include "tidegate.config" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "tidegate.fullname" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  # Streams may go on for server.drain_s; then the recorder stores what is left, and the rest ends.
  terminationGracePeriodSeconds: {{ add $drain 75 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: tidegate
      image: {{ include "tidegate.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [serve, --config, /etc/tidegate/tidegate.yaml]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      env:
        - {name: TIDEGATE_ADMIN_TOKEN_FILE, value: "/run/secret/{{ .Values.secret.adminToken }}"}
        - {name: TIDEGATE_CLICKHOUSE_PASSWORD_FILE, value: "/run/secret/{{ .Values.secret.clickhousePassword }}"}
        {{- with .Values.secret.journalKey }}
        - {name: TIDEGATE_JOURNAL_KEY_FILE, value: "/run/secret/{{ . }}"}
        {{- end }}
        {{- with .Values.secret.keyPepper }}
        - {name: TIDEGATE_KEY_PEPPER_FILE, value: "/run/secret/{{ . }}"}
        {{- end }}
        {{- with .Values.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.envFrom }}
      envFrom: {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - {name: http, containerPort: 8080}
        - {name: admin, containerPort: 8081}
      # Whether apps can be served; up to two minutes for models of detectors to load.
      startupProbe:
        httpGet: {path: /-/ready, port: admin}
        periodSeconds: 2
        failureThreshold: 60
      readinessProbe:
        httpGet: {path: /-/ready, port: admin}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      # The supervisor restarts what ends; this is for the case that it does not.
      livenessProbe:
        httpGet: {path: /-/healthy, port: admin}
        periodSeconds: 15
        timeoutSeconds: 10
        failureThreshold: 8
      # The service forgets a pod some seconds after it was told to stop: until then it still takes connections.
      lifecycle: {preStop: {exec: {command: [python, -c, "import time; time.sleep(10)"]}}}
      resources: {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - {name: config, mountPath: /etc/tidegate, readOnly: true}
        - {name: secret, mountPath: /run/secret, readOnly: true}
        - {name: data, mountPath: /var/lib/tidegate}
        - {name: tmp, mountPath: /tmp}
        {{- if .Values.keysFile.secret }}
        - {name: keys, mountPath: /run/keys, readOnly: true}
        {{- end }}
  volumes:
    - name: config
      configMap: {name: {{ include "tidegate.fullname" . }}}
    - name: secret
      secret:
        secretName: {{ required "secret.name: the Secret with the admin token and the store's password" .Values.secret.name }}
        defaultMode: 0440
    - name: tmp
      emptyDir: {sizeLimit: 64Mi}
    {{- with .Values.keysFile.secret }}
    - name: keys
      secret:
        secretName: {{ . }}
        defaultMode: 0440
        items: [{key: {{ $.Values.keysFile.key | quote }}, path: keys.yaml}]
    {{- end }}
    {{- if eq .Values.workload "Deployment" }}
    - name: data
      emptyDir: {sizeLimit: {{ .Values.emptyDirSize }}}
    {{- end }}
  topologySpreadConstraints:
    {{- if .Values.topologySpreadConstraints }}
    {{- toYaml .Values.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "tidegate.selector" $ | nindent 10 }}
    {{- end }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
