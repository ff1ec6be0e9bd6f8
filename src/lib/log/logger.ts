import { type DestinationStream, type Level, type LogFn, type Logger as PinoLogger, pino } from 'pino';
import { traceFields } from './context.ts';
import type { FieldValues, LogFields, LogLine } from './log-line.ts';
import { redacted, UNREADABLE } from './redact.ts';

/** A structured logger: `log.write(orderPlaced, { orderId })`. It writes declared lines only, and only their declared fields. */
export type Logger = {
  readonly write: <F extends LogFields>(line: LogLine<F>, values: FieldValues<F>) => void;
};

/** The least severe line that is written; `silent` writes none. */
export type LogLevel = Level | 'silent';

/**
 * A logger that writes one JSON object a line. No declared field is for personal data; personal data inside a logged object,
 * such as an error, is replaced by "[redacted]".
 */
export function createLogger(
  fields: { service: string; version: string },
  options: { level: LogLevel; destination?: DestinationStream },
): Logger {
  const settings = {
    level: options.level,
    base: fields,
    timestamp: pino.stdTimeFunctions.isoTime,
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
  const logger = options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  return {
    write: (line, values) => logger[line.level](declaredOnly(line, values), line.message),
  };
}

function declaredOnly<F extends LogFields>({ fields }: LogLine<F>, values: FieldValues<F>): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.keys(fields).map((name) => [name, values[name]]));
  } catch {
    return { data: UNREADABLE };
  }
}

function redactedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redacted(fields) as Record<string, unknown>;
}

// Anything can be thrown, not only an Error.
function writtenError(error: unknown): unknown {
  try {
    return redacted(pino.stdSerializers.err(error as Error));
  } catch {
    return UNREADABLE;
  }
}

/** Writes a line without its data when reading the data throws: logging a failure must not fail itself. */
function neverThrowing(this: PinoLogger, args: Parameters<LogFn>, write: LogFn): void {
  try {
    write.apply(this, args);
  } catch {
    write.call(this, { data: UNREADABLE }, args[1]);
  }
}
