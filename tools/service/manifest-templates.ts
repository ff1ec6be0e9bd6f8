import type { ServiceNames } from './service-names.ts';
import { RPC } from './topology-edit.ts';

/** The file of the new service in kubernetes-manifests/base, with the regions that `make generate` fills. */
export function baseManifest({ name, grpcService, port }: ServiceNames): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${labels(name, '  ')}
${description()}
spec:
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
${labels(name, '      ')}
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: false
      enableServiceLinks: false
      priorityClassName: mercato-extra
      # preStop, SHUTDOWN_LIMIT_MS (default 10 s) and 5 s reserve.
      terminationGracePeriodSeconds: 20
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        seccompProfile: {type: RuntimeDefault}
      topologySpreadConstraints:
${spread(name, 'topology.kubernetes.io/zone')}
${spread(name, 'kubernetes.io/hostname')}
      containers:
        - name: ${name}
          image: mercato/${name}:dev
          imagePullPolicy: IfNotPresent
          ports:
            - {name: grpc, containerPort: ${port}}
            - {name: metrics, containerPort: 9464}
          env:
            # generated: addresses, by make generate from src/topology.ts
            # /generated: addresses
            - {name: TRACES_EXPORTER, value: none}
          startupProbe:
            grpc: {port: ${port}, service: liveness}
            periodSeconds: 1
            failureThreshold: 60
          readinessProbe:
            grpc: {port: ${port}, service: ${grpcService}}
            periodSeconds: 5
            timeoutSeconds: 2
            failureThreshold: 2
          livenessProbe:
            grpc: {port: ${port}, service: liveness}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          lifecycle:
            # Keeps serving until every proxy and kube-proxy has removed the pod from its endpoints.
            preStop:
              sleep: {seconds: 5}
          resources:
            requests: {cpu: 30m, memory: 64Mi}
            limits: {cpu: 500m, memory: 128Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
${labels(name, '  ')}
${description()}
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - {name: grpc, port: ${port}, targetPort: grpc, appProtocol: grpc}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
${labels(name, '  ')}
automountServiceAccountToken: false
`;
}

function labels(name: string, indent: string): string {
  return [
    'labels:',
    `  app: ${name}`,
    `  app.kubernetes.io/name: ${name}`,
    '  app.kubernetes.io/component: backend',
    '  app.kubernetes.io/part-of: mercato',
  ]
    .map((line) => `${indent}${line}`)
    .join('\n');
}

function description(): string {
  return `  annotations:
    # generated: description, by make generate from src/topology.ts
    # /generated: description`;
}

function spread(name: string, topologyKey: string): string {
  return `        - topologyKey: ${topologyKey}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: ${name}
          matchLabelKeys: [pod-template-hash]`;
}

/** The file of the new service in istio-manifests/services, with the region that `make generate` fills. */
export function meshManifest({ name, grpcService, port }: ServiceNames): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/component: routes
    app.kubernetes.io/part-of: mercato
spec:
  hosts: [${name}]
  http:
    - name: reads
      match:
        - uri: {exact: /${grpcService}/${RPC}}
      route:
        - destination: {host: ${name}, port: {number: ${port}}}
      timeout: 0.6s
      retries: {attempts: 1, perTryTimeout: 0.3s, retryOn: 'connect-failure,refused-stream,reset,unavailable,deadline-exceeded'}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: mercato
spec:
  host: ${name}
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
      localityLbSetting: {enabled: true}
    connectionPool:
      tcp: {maxConnections: 100, connectTimeout: 0.5s}
      http: {http1MaxPendingRequests: 100, http2MaxRequests: 200}
    retryBudget: {percent: 20, minRetryConcurrency: 10}
    outlierDetection:
      consecutiveGatewayErrors: 5
      consecutive5xxErrors: 0
      interval: 5s
      baseEjectionTime: 15s
      maxEjectionPercent: 50
---
# generated: access, by make generate from src/topology.ts
# /generated: access
`;
}
