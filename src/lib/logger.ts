import { type DestinationStream, type Level, type Logger as PinoLogger, pino } from 'pino';
import { traceFields } from './telemetry/context.ts';

/** A structured logger: `log.info({ orderId }, 'order placed')`. The message is constant, data is in fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(fields: Record<string, string>): Logger;
};

/** The least severe line that is written; `silent` writes none. */
export type LogLevel = Level | 'silent';

// What must never leave the process, whatever object it hangs on. Nothing logs such an object on purpose: this is the net.
const SECRET_FIELDS =
  'creditCard credit_card creditCardNumber credit_card_number creditCardCvv credit_card_cvv email address ' +
  'shippingAddress shipping_address streetAddress street_address cookie set-cookie authorization password';

/** Paths of personal data at the top of a log line and up to two levels below it. */
export const REDACTED_PATHS: readonly string[] = SECRET_FIELDS.split(' ').flatMap((field) => {
  const key = field.includes('-') ? `["${field}"]` : field;
  const below = field.includes('-') ? key : `.${key}`;
  return [key, `*${below}`, `*.*${below}`];
});

/** A logger that writes one JSON object a line; personal data is replaced by "[redacted]". */
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
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
