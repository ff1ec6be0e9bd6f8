import type { Level } from 'pino';

declare const valueType: unique symbol;

/** A field of a log line. `T` is the type of its values; an absent value is `undefined`. */
export type LogField<T = unknown> = { readonly [valueType]?: () => T };

/** The fields of a log line, by name. */
export type LogFields = Readonly<Record<string, LogField>>;

/** The values that a line with these fields is written with. */
export type FieldValues<F extends LogFields> = {
  readonly [Name in keyof F]: F[Name] extends LogField<infer T> ? T : never;
};

/** The declaration of a log line. The logger writes declared lines only; docs/observability.md is generated from them. */
export type LogLine<F extends LogFields = LogFields> = {
  /** Constant, so that it can be searched for and counted. */
  readonly message: string;
  readonly level: Level;
  /** When it is written, as a sentence of the documentation. */
  readonly when: string;
  readonly fields: F;
};

/** Declares a log line. */
export function logLine<F extends LogFields>(line: LogLine<F>): LogLine<F> {
  return line;
}

/** A field of the log line that is not a span attribute. */
export function logOnly<T>(): LogField<NoInfer<T>> {
  return {};
}
