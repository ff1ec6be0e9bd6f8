import { milliseconds } from '../../tools/generate/mesh-routes.ts';
import type { MeshRoute, MeshRules, TrafficPolicy } from './mesh-rules.ts';

/** A part of Envoy's configuration, as JSON with the field names of its protobufs. */
export type EnvoyPart = { readonly [field: string]: unknown };

/** The configuration of a proxy, without its admin interface. */
export type EnvoyConfig = {
  readonly listeners: readonly EnvoyPart[];
  readonly clusters: readonly EnvoyPart[];
  /** Runtime flags, by name. */
  readonly flags?: EnvoyPart;
};

/** A listener for HTTP. */
export type ListenerOptions = {
  readonly name: string;
  readonly routes: readonly EnvoyPart[];
  /** HTTP filters in front of the router. */
  readonly filters?: readonly EnvoyPart[];
  /** More fields of the connection manager, such as `tracing`. */
  readonly manager?: EnvoyPart;
  /** A port of the loopback interface; without it the system chooses one. */
  readonly port?: number;
  /** OUTBOUND in a caller's proxy, INBOUND in that of a service. */
  readonly direction?: 'OUTBOUND' | 'INBOUND';
  /** `transport_socket` of a listener for TLS. */
  readonly transportSocket?: EnvoyPart;
};

const TYPE = 'type.googleapis.com/envoy.extensions';
/** The largest uint32, Istio's value for no limit. */
const UNLIMITED = 4_294_967_295;
const HTTP_2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': `${TYPE}.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http2_protocol_options: {} },
  },
};

/** An extension by its name and the end of its type's name. */
export function extension(name: string, type: string, config: EnvoyPart = {}): EnvoyPart {
  return { name, typed_config: { '@type': `${TYPE}.${type}`, ...config } };
}

/** A listener for HTTP on the loopback interface. */
export function listener(options: ListenerOptions): EnvoyPart {
  const manager = extension(
    'envoy.filters.network.http_connection_manager',
    'filters.network.http_connection_manager.v3.HttpConnectionManager',
    {
      stat_prefix: options.name,
      stream_idle_timeout: '0s',
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

/** The one route of the proxy in front of a service: no timeout but the deadline of the call itself. */
export function passOn(cluster: string): EnvoyPart {
  const max_stream_duration = { max_stream_duration: '0s', grpc_timeout_header_max: '0s' };
  return { match: { prefix: '/' }, route: { cluster, timeout: '0s', max_stream_duration } };
}

/** The routes of a caller's proxy to a service, as Istio generates them from the VirtualService. */
export function routesTo({ service, routes }: MeshRules): EnvoyPart[] {
  return routes.flatMap((route) => matchesOf(route).map((match) => ({ match, route: actionOf(route, service) })));
}

/** The cluster of a service's replicas, `host:port` each, as Istio generates it from the DestinationRule. */
export function clusterOf({ service, trafficPolicy }: MeshRules, addresses: readonly string[]): EnvoyPart {
  const { tcp, http } = trafficPolicy.connectionPool;
  return {
    ...plainCluster(service, addresses),
    connect_timeout: duration(tcp.connectTimeout),
    lb_policy: trafficPolicy.loadBalancer.simple,
    // An empty Percent is 0 %: Istio disables Envoy's panic mode, so no request goes to an ejected replica.
    common_lb_config: { healthy_panic_threshold: {} },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: tcp.maxConnections,
          max_pending_requests: http.http1MaxPendingRequests,
          max_requests: http.http2MaxRequests,
          max_retries: UNLIMITED,
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

/** A cluster without a traffic policy: that of the service in its own proxy. */
export function plainCluster(name: string, addresses: readonly string[]): EnvoyPart {
  const endpoints = addresses.map((address) => ({ endpoint: { address: socketAddress(address) } }));
  return {
    name,
    type: 'STATIC',
    typed_extension_protocol_options: HTTP_2,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
  };
}

/** A duration of Istio in the JSON form of protobuf. */
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
    case_sensitive: true,
    ...(method === undefined ? {} : { headers: [{ name: ':method', string_match: { exact: method.exact } }] }),
  }));
}

function actionOf({ timeout, retries }: MeshRoute, cluster: string): EnvoyPart {
  const limit = duration(timeout);
  if (retries.attempts === 0) return { cluster, timeout: limit, max_grpc_timeout: limit };
  return {
    cluster,
    timeout: limit,
    // The deadline of the call replaces the timeout if it is shorter.
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
