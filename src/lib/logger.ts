import { type DestinationStream, type Level, type Logger as PinoLogger, pino } from 'pino';
import { redacted } from './redact.ts';
import { traceFields } from './telemetry/context.ts';

/** A structured logger: `log.info({ orderId }, 'order placed')`. The message is constant, data is in fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** The least severe line that is written; `silent` writes none. */
export type LogLevel = Level | 'silent';

/**
 * A logger that writes one JSON object a line. Nothing logs personal data on purpose; whatever hangs on an object that is
 * logged is replaced by "[redacted]".
 */
export function createLogger(
  fields: { service: string; version: string },
  options: { level: LogLevel; destination?: DestinationStream },
): Logger {
  const settings = {
    level: options.level,
    base: fields,
    timestamp: pino.stdTimeFunctions.isoTime,
    // What is logged for a click carries the ids of its trace.
    mixin: traceFields,
    formatters: {
      level: (label: string) => ({ level: label }),
      // An error is not a plain object before it is serialized.
      log: ({ err, ...rest }: Record<string, unknown>) => ({
        ...redactedFields(rest),
        ...(err === undefined ? {} : { err }),
      }),
    },
    serializers: { err: (error: Error) => redacted(pino.stdSerializers.err(error)) },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function redactedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redacted(fields) as Record<string, unknown>;
}
