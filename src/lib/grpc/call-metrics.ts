import { status } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';
import { DURATION_BUCKETS, type Metrics, single } from '../metrics/metrics.ts';
import type { InFlight } from '../net/in-flight.ts';
import { rpcNames, type ServiceDefinition, type WireMethod } from './definition.ts';

/** One call that is over, on either side. */
export type MeasuredCall = {
  readonly method: Pick<WireMethod, 'path'>;
  /** A gRPC status code; a peer of the original protocol may send a number outside the standard. */
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

/** Measures the calls of a server: how many, how they ended, how long they took, how many are at work. */
export function serverCallMetrics(
  metrics: Metrics,
  server: { definition: ServiceDefinition; inFlight: InFlight; maxConcurrentCalls: number },
): (call: MeasuredCall) => void {
  const duration = metrics.histogram({
    name: 'rpc_server_call_duration_seconds',
    help: 'Time from a call to its answer.',
    labels: { rpc_method: methodNames(server.definition), rpc_status_code: statusNames },
    buckets: DURATION_BUCKETS,
  });
  metrics.gauge({ name: 'rpc_server_active_calls', help: 'Calls that are at work.', labels: {} }, () =>
    single(server.inFlight.running()),
  );
  metrics.gauge(
    { name: 'rpc_server_active_calls_limit', help: 'Calls that can be at work; one more is refused.', labels: {} },
    () => single(server.maxConcurrentCalls),
  );
  return ({ method, code, startedAt, span }) => {
    const labels = { rpc_method: methodName(method), rpc_status_code: statusName(code) };
    duration.observe(labels, seconds(startedAt), span.spanContext());
  };
}

/**
 * Measures the calls to the peers of a service, as the caller sees them: its retries and its waiting are part of the time.
 *
 * @param peers what is called, by the name of the called service
 */
export function clientCallMetrics(
  metrics: Metrics,
  peers: Readonly<Record<string, ServiceDefinition>>,
): (peer: string, call: MeasuredCall) => void {
  const duration = metrics.histogram({
    name: 'rpc_client_call_duration_seconds',
    help: 'Time from a call to its answer, as the caller sees it.',
    labels: {
      server_service_name: Object.keys(peers),
      rpc_method: Object.values(peers).flatMap(methodNames),
      rpc_status_code: statusNames,
    },
    buckets: DURATION_BUCKETS,
  });
  return (peer, { method, code, startedAt, span }) => {
    const labels = {
      server_service_name: peer,
      rpc_method: methodName(method),
      rpc_status_code: statusName(code),
    };
    duration.observe(labels, seconds(startedAt), span.spanContext());
  };
}
