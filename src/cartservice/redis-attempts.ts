import { type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import { DomainError } from '../lib/errors.ts';
import { DURATION_BUCKETS } from '../lib/metrics/metrics.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan } from '../lib/telemetry/in-span.ts';
import { declareSpan } from '../lib/telemetry/span-declaration.ts';

const COMMANDS = ['HGETALL', 'EVALSHA'] as const;
const SCRIPTS = ['addToCart', 'emptyCart'] as const;

/** A command for Redis, with the name of its script when it runs one. */
export type RedisCommand = { readonly command: (typeof COMMANDS)[number]; readonly script?: (typeof SCRIPTS)[number] };

/** Sends one command to Redis. */
export type Attempt = <T>(command: RedisCommand, send: () => Promise<T>) => Promise<T>;

/** A Redis command that a request for a cart needs. */
export const redisSpan = declareSpan({
  title: 'Redis command',
  names: ['HGETALL', ...SCRIPTS.map((script) => `EVALSHA ${script}`)],
  kind: SpanKind.CLIENT,
  attributes: [
    { name: attribute.dbSystem, values: ['redis'] },
    { name: attribute.dbOperation, values: COMMANDS },
    { name: attribute.dbProcedure, values: SCRIPTS, about: 'the Lua script', absent: 'the command runs no script' },
  ],
});

/**
 * Traces and measures each command. A command that fails, for any reason, rejects with a {@link DomainError}
 * CART_STORE_UNAVAILABLE.
 */
export function redisAttempts({ tracer, metrics }: Pick<Runtime, 'tracer' | 'metrics'>): Attempt {
  // Source: OpenTelemetry semantic conventions, db.client.operation.duration.
  const duration = metrics.histogram({
    name: 'db_client_operation_duration_seconds',
    help: 'Time from a command to the reply of Redis.',
    labels: {
      db_operation_name: COMMANDS,
      db_stored_procedure_name: ['', ...SCRIPTS],
      outcome: ['ok', 'failed'],
    },
    buckets: DURATION_BUCKETS,
  });
  return async (command, send) => {
    const startedAt = performance.now();
    let outcome = 'failed';
    let exemplar: SpanContext | undefined;
    const traced = async (span: Span): ReturnType<typeof send> => {
      exemplar = span.spanContext();
      return await send();
    };
    try {
      // A span only below the span of a call: commands of the client itself would each start a trace.
      const response = await (trace.getActiveSpan() === undefined ? send() : inSpan(tracer, spanOf(command), traced));
      outcome = 'ok';
      return response;
    } catch (cause) {
      const message = 'the carts cannot be reached, try again later';
      throw new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', message, { cause });
    } finally {
      const labels = { db_operation_name: command.command, db_stored_procedure_name: command.script ?? '', outcome };
      duration.observe(labels, (performance.now() - startedAt) / 1000, exemplar);
    }
  };
}

function spanOf({ command, script }: RedisCommand) {
  const attributes = {
    [attribute.dbSystem]: 'redis',
    [attribute.dbOperation]: command,
    ...(script === undefined ? {} : { [attribute.dbProcedure]: script }),
  };
  return { name: script === undefined ? command : `${command} ${script}`, kind: redisSpan.kind, attributes };
}
