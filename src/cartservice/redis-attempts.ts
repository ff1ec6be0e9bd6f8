import { type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import { DomainError } from '../lib/errors.ts';
import { DURATION_BUCKETS } from '../lib/metrics/metrics.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan } from '../lib/telemetry/in-span.ts';

/** What is asked of Redis: a command, and the script when that runs one. */
export type Asked = { readonly command: 'HGETALL' | 'EVALSHA'; readonly script?: 'addToCart' | 'emptyCart' };

/** Asks Redis, once. */
export type Attempt = <T>(asked: Asked, command: () => Promise<T>) => Promise<T>;

/**
 * Makes what asks Redis: each command is traced and measured.
 *
 * A command rejects with a {@link DomainError} CART_STORE_UNAVAILABLE when it fails, for whatever reason.
 */
export function redisAttempts({ tracer, metrics }: Pick<Runtime, 'tracer' | 'metrics'>): Attempt {
  // Source: OpenTelemetry semantic conventions, db.client.operation.duration.
  const duration = metrics.histogram({
    name: 'db_client_operation_duration_seconds',
    help: 'Time from a command to the answer of Redis; outcome is ok or failed.',
    labels: {
      db_operation_name: ['HGETALL', 'EVALSHA'],
      db_stored_procedure_name: ['', 'addToCart', 'emptyCart'],
      outcome: ['ok', 'failed'],
    },
    buckets: DURATION_BUCKETS,
  });
  return async (asked, command) => {
    const startedAt = performance.now();
    let outcome = 'failed';
    let of: SpanContext | undefined;
    const traced = async (span: Span): ReturnType<typeof command> => {
      of = span.spanContext();
      return await command();
    };
    try {
      // Below a call only: what the client does for itself is no part of anybody's trace.
      const answer = await (trace.getActiveSpan() === undefined ? command() : inSpan(tracer, spanOf(asked), traced));
      outcome = 'ok';
      return answer;
    } catch (cause) {
      const message = 'the carts cannot be reached, try again later';
      throw new DomainError('unavailable', 'CART_STORE_UNAVAILABLE', message, { cause });
    } finally {
      const labels = { db_operation_name: asked.command, db_stored_procedure_name: asked.script ?? '', outcome };
      duration.observe(labels, (performance.now() - startedAt) / 1000, of);
    }
  };
}

function spanOf({ command, script }: Asked) {
  const attributes = {
    [attribute.dbSystem]: 'redis',
    [attribute.dbOperation]: command,
    ...(script === undefined ? {} : { [attribute.dbProcedure]: script }),
  };
  return { name: script === undefined ? command : `${command} ${script}`, kind: SpanKind.CLIENT, attributes };
}
