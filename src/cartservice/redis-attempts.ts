import { type Span, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import { DomainError } from '../lib/errors.ts';
import { DURATION_BUCKETS } from '../lib/metrics/metrics.ts';
import type { Runtime } from '../lib/runtime/runtime.ts';
import { attribute } from '../lib/telemetry/attributes.ts';
import { inSpan } from '../lib/telemetry/in-span.ts';

/** A command for Redis, with the name of its script when it runs one. */
export type RedisCommand = { readonly command: 'HGETALL' | 'EVALSHA'; readonly script?: 'addToCart' | 'emptyCart' };

/** Sends one command to Redis. */
export type Attempt = <T>(command: RedisCommand, send: () => Promise<T>) => Promise<T>;

/**
 * Traces and measures each command. A command that fails, for any reason, rejects with a {@link DomainError}
 * CART_STORE_UNAVAILABLE.
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
      const answer = await (trace.getActiveSpan() === undefined ? send() : inSpan(tracer, spanOf(command), traced));
      outcome = 'ok';
      return answer;
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
  return { name: script === undefined ? command : `${command} ${script}`, kind: SpanKind.CLIENT, attributes };
}
