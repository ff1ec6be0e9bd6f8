import { type DestinationStream, type Level, type LogFn, type Logger as PinoLogger, pino } from 'pino';
import { traceFields } from './context.ts';
import { redacted, UNREADABLE } from './redact.ts';

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
    serializers: { err: writtenError },
    hooks: { logMethod: neverThrowing },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function redactedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redacted(fields) as Record<string, unknown>;
}

// Whatever is thrown may be an error, and need not be one.
function writtenError(error: unknown): unknown {
  try {
    return redacted(pino.stdSerializers.err(error as Error));
  } catch {
    return UNREADABLE;
  }
}

/** Writes a line whose data cannot be read without it: who logs is mostly about to answer for a failure, and must not fail. */
function neverThrowing(this: PinoLogger, args: Parameters<LogFn>, write: LogFn): void {
  try {
    write.apply(this, args);
  } catch {
    write.call(this, { data: UNREADABLE }, args[1]);
  }
}
