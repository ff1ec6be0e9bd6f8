import { status } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';
import { DURATION_BUCKETS, type Metrics, single } from '../metrics/metrics.ts';
import type { InFlight } from '../net/in-flight.ts';
import { rpcNames, type ServiceDefinition, type WireMethod } from './definition.ts';

/** An RPC that has ended, on either side. */
export type MeasuredCall = {
  readonly method: Pick<WireMethod, 'path'>;
  /** A gRPC status code; an upstream of the original protocol may send a number outside the standard. */
  readonly code: number;
  /** A time of `performance.now()`. */
  readonly startedAt: number;
  readonly span: Span;
};

// Source: OpenTelemetry semantic conventions 1.45, rpc.server.call.duration and rpc.client.call.duration.
const statusNames = Object.values(status).filter((name) => typeof name === 'string');
const statusName = (code: number): string => status[code] ?? String(code);
const methodNames = (definition: ServiceDefinition): string[] =>
  rpcNames(definition).map((rpc) => `${definition.fullName}/${rpc}`);
const methodName = ({ path }: Pick<WireMethod, 'path'>): string => path.slice(1);
const seconds = (startedAt: number): number => (performance.now() - startedAt) / 1000;

/** Registers the metrics of a server: RPCs by status, their duration, and how many are in flight. */
export function serverCallMetrics(
  metrics: Metrics,
  server: { definition: ServiceDefinition; inFlight: InFlight; maxConcurrentCalls: number },
): (call: MeasuredCall) => void {
  const duration = metrics.histogram({
    name: 'rpc_server_call_duration_seconds',
    help: 'Time from the arrival of an RPC to its status.',
    labels: { rpc_method: methodNames(server.definition), rpc_status_code: statusNames },
    buckets: DURATION_BUCKETS,
  });
  metrics.gauge({ name: 'rpc_server_active_calls', help: 'RPCs in flight.', labels: {} }, () =>
    single(server.inFlight.running()),
  );
  metrics.gauge(
    {
      name: 'rpc_server_active_calls_limit',
      help: 'RPCs that can be in flight; one more is refused with RESOURCE_EXHAUSTED.',
      labels: {},
    },
    () => single(server.maxConcurrentCalls),
  );
  return ({ method, code, startedAt, span }) => {
    const labels = { rpc_method: methodName(method), rpc_status_code: statusName(code) };
    duration.observe(labels, seconds(startedAt), span.spanContext());
  };
}

/**
 * Registers the metrics of the RPCs that a service makes, as the caller sees them: retries are part of the time.
 *
 * @param upstreams what is called, by the name of the called service
 */
export function clientCallMetrics(
  metrics: Metrics,
  upstreams: Readonly<Record<string, ServiceDefinition>>,
): (upstream: string, call: MeasuredCall) => void {
  const duration = metrics.histogram({
    name: 'rpc_client_call_duration_seconds',
    help: 'Time from an RPC to its status as the caller sees it: retries, and RPCs not sent because the deadline had passed, are included.',
    labels: {
      server_service_name: Object.keys(upstreams),
      rpc_method: Object.values(upstreams).flatMap(methodNames),
      rpc_status_code: statusNames,
    },
    buckets: DURATION_BUCKETS,
  });
  return (upstream, { method, code, startedAt, span }) => {
    const labels = {
      server_service_name: upstream,
      rpc_method: methodName(method),
      rpc_status_code: statusName(code),
    };
    duration.observe(labels, seconds(startedAt), span.spanContext());
  };
}
