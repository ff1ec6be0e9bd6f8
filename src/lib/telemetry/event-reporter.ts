import { type Attributes, trace } from '@opentelemetry/api';
import type { LogField } from '../log/log-line.ts';
import type { Counter, LabelSets, MetricSpec, Metrics } from '../metrics/metrics.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { BusinessEvent, EventCounter, EventValues } from './business-event.ts';

/** One function for each declared event, typed by its fields. */
export type EventReporter<E extends Readonly<Record<string, BusinessEvent>>> = {
  readonly [Name in keyof E]: (values: EventValues<E[Name]>) => void;
};

type Values = Readonly<Record<string, unknown>>;

/**
 * Makes the functions that report the declared events. Each writes the log line, adds an event to the active span, and
 * increments the counters.
 */
export function eventReporter<const E extends Readonly<Record<string, BusinessEvent>>>(
  events: E,
  { log, metrics }: Pick<Runtime, 'log' | 'metrics'>,
): EventReporter<E> {
  const counterOf = registeredCounters(metrics);
  const reporters = Object.entries(events).map(([name, event]) => {
    const line = { ...event, fields: fieldsWhere(event, (field) => !('isCountedOnly' in field)) };
    const increments = event.counters.map((counter) => increment(counterOf(counter.counter), counter));
    const report = (values: Values): void => {
      for (const count of increments) count(values);
      log.write(line, values);
      trace.getActiveSpan()?.addEvent(event.message, attributesOf(event, values));
    };
    return [name, report] as const;
  });
  return Object.fromEntries(reporters) as unknown as EventReporter<E>;
}

/** Registers each counter once, also one that several events increment. */
function registeredCounters(metrics: Metrics): (spec: MetricSpec<LabelSets>) => Counter<LabelSets> {
  const registered = new Map<MetricSpec<LabelSets>, Counter<LabelSets>>();
  return (spec) => {
    const counter = registered.get(spec) ?? metrics.counter(spec);
    registered.set(spec, counter);
    return counter;
  };
}

function increment(counter: Counter<LabelSets>, { labels, amount }: EventCounter): (values: Values) => void {
  const sources = Object.entries(labels);
  return (values) => {
    const labelValues = sources.map(([label, source]) => {
      const value = 'value' in source ? source.value : values[source.field];
      return [label, String(value)] as const;
    });
    counter.add(Object.fromEntries(labelValues), amount === undefined ? 1 : Number(values[amount]));
  };
}

function attributesOf({ fields }: BusinessEvent, values: Values): Attributes {
  const attributes: Attributes = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name];
    if ('attribute' in field && (typeof value === 'string' || typeof value === 'number')) {
      attributes[String(field.attribute)] = value;
    }
  }
  return attributes;
}

function fieldsWhere({ fields }: BusinessEvent, isWanted: (field: LogField) => boolean) {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => isWanted(field)));
}
