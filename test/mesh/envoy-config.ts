import { milliseconds } from '../manifests/mesh.ts';
import type { MeshRoute, MeshRules, TrafficPolicy } from './mesh-rules.ts';

/** A part of Envoy's configuration, as JSON. */
export type EnvoyPart = { readonly [field: string]: unknown };

/** What a proxy is told, apart from where its administration is. */
export type EnvoyConfig = {
  readonly listeners: readonly EnvoyPart[];
  readonly clusters: readonly EnvoyPart[];
  /** Flags of the running Envoy, by name. */
  readonly flags?: EnvoyPart;
};

/** How a listener treats what it takes. */
export type ListenerOptions = {
  /** By this name its address is asked for. */
  readonly name: string;
  readonly routes: readonly EnvoyPart[];
  /** Filters before the router. */
  readonly filters?: readonly EnvoyPart[];
  /** What the connection manager is told beside that, such as `tracing`. */
  readonly manager?: EnvoyPart;
  /** A port of loopback; the system chooses one without it. */
  readonly port?: number;
  /** Whether it stands before callers or before a service. */
  readonly direction?: 'OUTBOUND' | 'INBOUND';
  /** `transport_socket` of a listener that speaks TLS. */
  readonly transportSocket?: EnvoyPart;
};

const TYPE = 'type.googleapis.com/envoy.extensions';
const HTTP_2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': `${TYPE}.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http2_protocol_options: {} },
  },
};

/** An extension by its name in Envoy and the rest of its type. */
export function extension(name: string, type: string, config: EnvoyPart = {}): EnvoyPart {
  return { name, typed_config: { '@type': `${TYPE}.${type}`, ...config } };
}

/** A listener of HTTP/2 on loopback. */
export function listener(options: ListenerOptions): EnvoyPart {
  const manager = extension(
    'envoy.filters.network.http_connection_manager',
    'filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: options.name,
      codec_type: 'HTTP2',
      route_config: { virtual_hosts: [{ name: options.name, domains: ['*'], routes: options.routes }] },
      http_filters: [
        ...(options.filters ?? []),
        extension('envoy.filters.http.router', 'filters.http.router.v3.Router'),
      ],
      ...options.manager,
    },
  );
  return {
    name: options.name,
    address: socketAddress(`127.0.0.1:${options.port ?? 0}`),
    traffic_direction: options.direction ?? 'OUTBOUND',
    filter_chains: [
      {
        filters: [manager],
        ...(options.transportSocket === undefined ? {} : { transport_socket: options.transportSocket }),
      },
    ],
  };
}

/** A route for everything, without a limit, as the callee's proxy has it. */
export function passOn(cluster: string): EnvoyPart {
  return { match: { prefix: '/' }, route: { cluster, timeout: '0s', max_grpc_timeout: '0s' } };
}

/**
 * The routes of the caller's proxy to a service, as Istio makes them of its VirtualService.
 *
 * Source: Istio 1.30, pilot/pkg/networking/core/route
 */
export function routesTo({ service, routes }: MeshRules): EnvoyPart[] {
  return routes.flatMap((route) => matchesOf(route).map((match) => ({ match, route: actionOf(route, service) })));
}

/** A cluster of the service's replicas, `host:port` each, that Envoy reaches as its DestinationRule says. */
export function clusterOf({ service, trafficPolicy }: MeshRules, addresses: readonly string[]): EnvoyPart {
  const { tcp, http } = trafficPolicy.connectionPool;
  return {
    ...plainCluster(service, addresses),
    connect_timeout: duration(tcp.connectTimeout),
    lb_policy: trafficPolicy.loadBalancer.simple,
    // Istio has no panic: where all are left out, nobody is called.
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: tcp.maxConnections,
          max_pending_requests: http.http1MaxPendingRequests,
          max_requests: http.http2MaxRequests,
          retry_budget: {
            budget_percent: { value: trafficPolicy.retryBudget.percent },
            min_retry_concurrency: trafficPolicy.retryBudget.minRetryConcurrency,
          },
        },
      ],
    },
    outlier_detection: outlierDetection(trafficPolicy.outlierDetection),
  };
}

/** A cluster that nothing is said of: what the callee's proxy has before it. */
export function plainCluster(name: string, addresses: readonly string[]): EnvoyPart {
  const endpoints = addresses.map((address) => ({ endpoint: { address: socketAddress(address) } }));
  return {
    name,
    type: 'STATIC',
    typed_extension_protocol_options: HTTP_2,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
  };
}

/** A length of time as protobuf has it in JSON. */
export function duration(time: string): string {
  return `${milliseconds(time) / 1000}s`;
}

function socketAddress(address: string): EnvoyPart {
  const [host, port] = address.split(':');
  return { socket_address: { address: host, port_value: Number(port) } };
}

function matchesOf({ match = [{}] }: MeshRoute): EnvoyPart[] {
  return match.map(({ uri, method }) => ({
    ...(uri === undefined ? { prefix: '/' } : { path: uri.exact }),
    ...(method === undefined ? {} : { headers: [{ name: ':method', string_match: { exact: method.exact } }] }),
  }));
}

function actionOf({ timeout, retries }: MeshRoute, cluster: string): EnvoyPart {
  const limit = duration(timeout);
  if (retries.attempts === 0) return { cluster, timeout: limit, max_grpc_timeout: limit };
  return {
    cluster,
    timeout: limit,
    // The deadline of the call instead of the timeout, where it is the shorter one.
    max_grpc_timeout: limit,
    retry_policy: {
      retry_on: retries.retryOn,
      num_retries: retries.attempts,
      ...(retries.perTryTimeout === undefined ? {} : { per_try_timeout: duration(retries.perTryTimeout) }),
      retry_host_predicate: [
        extension('envoy.retry_host_predicates.previous_hosts', 'retry.host.previous_hosts.v3.PreviousHostsPredicate'),
      ],
      host_selection_retry_max_attempts: 5,
    },
  };
}

function outlierDetection(policy: TrafficPolicy['outlierDetection']): EnvoyPart {
  const counted = (name: string, limit: number) => ({ [name]: limit, [`enforcing_${name}`]: limit > 0 ? 100 : 0 });
  return {
    ...counted('consecutive_gateway_failure', policy.consecutiveGatewayErrors),
    ...counted('consecutive_5xx', policy.consecutive5xxErrors),
    ...(policy.splitExternalLocalOriginErrors === true
      ? {
          split_external_local_origin_errors: true,
          ...counted('consecutive_local_origin_failure', policy.consecutiveLocalOriginFailures ?? 5),
          enforcing_local_origin_success_rate: 0,
        }
      : {}),
    enforcing_success_rate: 0,
    interval: duration(policy.interval),
    base_ejection_time: duration(policy.baseEjectionTime),
    max_ejection_percent: policy.maxEjectionPercent,
  };
}
