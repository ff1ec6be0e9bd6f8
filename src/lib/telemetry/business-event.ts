import type { FieldValues, LogField, LogFields, LogLine } from '../log/log-line.ts';
import type { LabelSets, MetricSpec } from '../metrics/metrics.ts';

/** A value that a span attribute can have; an absent one is `undefined`. */
export type AttributeValue = string | number | undefined;

/** A field of the log line that is also an attribute of the span event. */
export type EventAttribute<T extends AttributeValue = AttributeValue> = LogField<T> & { readonly attribute: string };

/** A value that a counter needs, and that is in neither the log line nor the span event. */
export type CountedOnly<T> = LogField<T> & { readonly isCountedOnly: true };

/** Where the value of a label comes from: a field of the event, or one value of the label's set. */
export type LabelSource<Value extends string = string, Name extends string = string> =
  | { readonly field: Name }
  | { readonly value: Value };

/** A counter that an event increments. Several events may increment the same one. */
export type EventCounter<Name extends string = string> = {
  readonly counter: MetricSpec<LabelSets>;
  readonly labels: Readonly<Record<string, LabelSource<string, Name>>>;
  /** The field that holds the amount; 1 by default. */
  readonly amount?: Name;
};

/** A business event: a log line, a span event of the same name, and the counters that it increments. */
export type BusinessEvent<F extends LogFields = LogFields> = LogLine<F> & {
  readonly level: 'info' | 'warn' | 'error';
  readonly counters: readonly EventCounter[];
};

/** What a caller reports an event with. */
export type EventValues<E> = E extends BusinessEvent<infer F> ? FieldValues<F> : never;

/** Declares a business event. */
export function businessEvent<F extends LogFields>(
  event: Omit<BusinessEvent<F>, 'counters'> & {
    readonly counters?: readonly EventCounter<NoInfer<keyof F & string>>[];
  },
): BusinessEvent<F> {
  return { ...event, counters: event.counters ?? [] };
}

/** A field of an event that is an attribute of the span event, too. It must not hold what a shopper typed. */
export function attr<T extends AttributeValue = string>(attribute: string): EventAttribute<NoInfer<T>> {
  return { attribute };
}

/** A field that only a counter reads. */
export function countedOnly<T extends string | number>(): CountedOnly<NoInfer<T>> {
  return { isCountedOnly: true };
}

/**
 * Declares that an event increments a counter.
 *
 * @param amount the field that holds how much is added; 1 by default
 */
export function counted<
  const L extends LabelSets,
  const Sources extends { readonly [Label in keyof L]: LabelSource<L[Label][number]> },
  Amount extends string = never,
>(counter: MetricSpec<L>, labels: Sources, amount?: Amount): EventCounter<NoInfer<FieldsIn<Sources> | Amount>> {
  return { counter, labels: labels as EventCounter<FieldsIn<Sources>>['labels'], ...(amount && { amount }) };
}

/** The names of the fields that the labels take their values from. */
type FieldsIn<Sources> = {
  [Label in keyof Sources]: Sources[Label] extends { readonly field: infer Name extends string } ? Name : never;
}[keyof Sources];

/** Declares a counter with its closed label sets. */
export function counterSpec<const L extends LabelSets>(spec: MetricSpec<L>): MetricSpec<L> {
  return spec;
}
