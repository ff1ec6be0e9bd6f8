import { Client, credentials, Metadata, type ServiceConfig, type ServiceError, status } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import { parseTarget } from '../net/target.ts';
import { silentTracer } from '../telemetry/tracing.ts';
import { type CallContext, HOP_RESERVE_MS, REQUEST_ID_KEY, remainingMs } from './call-context.ts';
import type { MeasuredCall } from './call-metrics.ts';
import {
  type RequestOf,
  type ResponseOf,
  rpcName,
  type ServiceDefinition,
  type WireMethod,
  wireMethods,
} from './definition.ts';
import { PeerError } from './peer-error.ts';
import { serviceConfig } from './service-config.ts';
import { beginClientSpan, endClientSpan } from './spans.ts';
import { readErrorInfo } from './status.ts';

/** How a peer is reached. */
export type PeerOptions = {
  /** The calling service. */
  readonly from: string;
  /** The called service, as in the topology. */
  readonly to: string;
  /** `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`. */
  readonly address: string;
  /** True to retry the RPCs that the contract marks as reads. Never where a mesh retries: attempts would multiply. */
  readonly retries?: boolean;
  /** Makes the spans of the calls; none when `undefined`. */
  readonly tracer?: Tracer | undefined;
  /** Told of every call once it is over, also of one that was not made because nobody waits for it any more. */
  readonly measure?: ((call: MeasuredCall) => void) | undefined;
};

/** The RPCs of a peer as promises. Each takes the context of the call it is made for, and ends with it. */
export type PeerCalls<D extends ServiceDefinition> = {
  readonly [R in keyof D['methods']]: (
    request: RequestOf<D['methods'][R]>,
    call: CallContext,
  ) => Promise<ResponseOf<D['methods'][R]>>;
};

type WireCall = (request: unknown, call: CallContext) => Promise<unknown>;

/** A peer: its RPCs, and one connection for all of them. */
export type Peer<D extends ServiceDefinition> = Disposable & { readonly calls: PeerCalls<D> };

/**
 * Opens the one channel to a peer; it connects with the first call. A call has the deadline of its context less what
 * this hop keeps for itself, and is cancelled when the context ends.
 *
 * Each call rejects with a {@link PeerError} when the peer does not answer OK.
 *
 * @throws {TypeError} when the address is none
 */
export function connectPeer<D extends ServiceDefinition>(definition: D, options: PeerOptions): Peer<D> {
  const config = serviceConfig(definition, { retries: options.retries ?? false });
  return connectMethods(wireMethods(definition), { ...options, config }) as unknown as Peer<D>;
}

/** As {@link connectPeer}, for RPCs that are already in the form that grpc-js takes. */
export function connectMethods<M extends string>(
  methods: Readonly<Record<M, WireMethod>>,
  options: PeerOptions & { readonly config: ServiceConfig },
): Disposable & { readonly calls: Readonly<Record<M, WireCall>> } {
  const target = parseTarget(options.address);
  if (target === undefined) throw new TypeError(`not an address of a peer: ${options.address}`);
  const client = new Client(target.uri, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(options.config),
    // The default of two minutes leaves a caller blind long after its peer is back.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    // Servers of other languages answer pings more often than every five minutes with GOAWAY too_many_pings.
    'grpc.keepalive_time_ms': 310_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // A peer is inside: no proxy for the outside world stands between, and no TXT record overrules how it is called.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    // A name is looked up again at most this often: replicas that come or go are found within seconds.
    'grpc.dns_min_time_between_resolutions_ms': 5000,
  });
  const calls = Object.fromEntries(
    Object.entries<WireMethod>(methods).map(([name, method]) => [name, unaryCall(client, method, options)]),
  );
  return { calls: calls as Readonly<Record<M, WireCall>>, [Symbol.dispose]: () => client.close() };
}

function unaryCall(
  client: Client,
  method: WireMethod,
  options: PeerOptions & { readonly config: ServiceConfig },
): WireCall {
  const rpc = rpcName(method);
  const tracer = options.tracer ?? silentTracer();
  const isRetried = options.config.methodConfig.some(({ name }) => name.some(({ method: retried }) => retried === rpc));
  return async (request, call) => {
    const budgetMs = remainingMs(call) - HOP_RESERVE_MS;
    const metadata = new Metadata();
    metadata.set(REQUEST_ID_KEY, call.requestId);
    const startedAt = performance.now();
    const span = beginClientSpan(tracer, { path: method.path, peer: options.to, metadata });
    const over = (failed: PeerError | undefined): void => {
      endClientSpan(span, failed);
      options.measure?.({ method, code: failed?.code ?? status.OK, startedAt, span });
    };
    if (call.signal.aborted || budgetMs <= 0) {
      const tooLate = budgetMs <= 0 ? status.DEADLINE_EXCEEDED : status.CANCELLED;
      const details = 'no time left to call';
      const refused = new PeerError({ peer: options.to, rpc, code: tooLate, details, isUnsent: true });
      over(refused);
      throw refused;
    }
    return await new Promise<unknown>((resolve, reject) => {
      const running = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + budgetMs },
        (error, response) => {
          call.signal.removeEventListener('abort', cancel);
          const failed = error === null ? undefined : peerError(options.to, rpc, error, isRetried);
          over(failed);
          if (failed === undefined) resolve(response);
          else reject(failed);
        },
      );
      const cancel = (): void => running.cancel();
      call.signal.addEventListener('abort', cancel, { once: true });
    });
  };
}

// grpc-js reports a call for which it had no connection with these texts, and with no metadata of a server.
const NO_CONNECTION = /^(?:\w+: )?(?:No connection established|Name resolution failed)/;

function peerError(peer: string, rpc: string, error: ServiceError, isRetried: boolean): PeerError {
  const info = readErrorInfo(error.metadata);
  return new PeerError({
    peer,
    rpc,
    code: error.code,
    details: error.details,
    reason: info?.reason,
    metadata: info?.metadata ?? {},
    // An earlier attempt of a retried call may have been sent. A server of grpc-js may pass on the text of its own client.
    isUnsent: !isRetried && NO_CONNECTION.test(error.details) && Object.keys(error.metadata.getMap()).length === 0,
    cause: error,
  });
}
