/** A span as the console shows it; its times are milliseconds since 1970. */
export type SeenSpan = NonNullable<ReturnType<typeof seenSpan>>;

type Fields = Readonly<Record<string, unknown>>;
/** Characters left for the texts of a span. */
type Budget = { left: number };

// Any local process can send spans: each text, and all texts of a span together, are bounded.
const MAX_TEXT = 300;
const MAX_TEXTS = 16_000;
/** Memory of a text in addition to its characters. */
const TEXT_SIZE = 50;
const IDS = /^[0-9a-f]{32} [0-9a-f]{16}$/;
const STATUS_ERROR = 2;
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

/**
 * Reads the spans of an ExportTraceServiceRequest in JSON and ignores malformed ones; `undefined` when the value is no such
 * request. Source: OTLP 1.x.
 */
export function readSpans(body: unknown): SeenSpan[] | undefined {
  const { resourceSpans } = fieldsOf(body);
  if (!Array.isArray(resourceSpans)) return undefined;
  return objectsOf(resourceSpans).flatMap(({ resource, scopeSpans }) => {
    const attributes = pairsOf(fieldsOf(resource).attributes, { left: MAX_TEXTS });
    const service = attributes.find(([name]) => name === 'service.name')?.[1] ?? 'unknown';
    const spans = objectsOf(scopeSpans).flatMap((scope) => objectsOf(scope.spans));
    return spans.flatMap((span) => seenSpan(span, service) ?? []);
  });
}

function seenSpan(span: Fields, service: string) {
  const budget = { left: MAX_TEXTS };
  const seen = {
    ...named(span, budget),
    service,
    traceId: shortText(span.traceId),
    spanId: shortText(span.spanId),
    parentSpanId: shortText(span.parentSpanId),
    kind: KINDS[Number(span.kind)] ?? 'internal',
    startMs: millis(span.startTimeUnixNano),
    endMs: millis(span.endTimeUnixNano),
    isError: fieldsOf(span.status).code === STATUS_ERROR,
    events: objectsOf(span.events)
      .map((event) => ({ ...named(event, budget), atMs: millis(event.timeUnixNano) }))
      .filter(({ name }) => fits(name, budget)),
  };
  return IDS.test(`${seen.traceId} ${seen.spanId}`) && Number.isFinite(seen.startMs + seen.endMs) ? seen : undefined;
}

// All RPCs share one package: omit it.
function named({ name, attributes }: Fields, budget: Budget) {
  return { name: shortText(name).replace(/^hipstershop\./, ''), attributes: pairsOf(attributes, budget) };
}

/** The beginning of a text, or of another value as JSON. */
export function shortText(value: unknown): string {
  const whole = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  // Copied: a slice is a view that keeps the whole text in memory.
  return whole.length > MAX_TEXT ? Buffer.from(whole.slice(0, MAX_TEXT)).toString() : whole;
}

function pairsOf(list: unknown, budget: Budget) {
  return objectsOf(list)
    .map(({ key, value }) => [shortText(key), shortText(Object.values(fieldsOf(value))[0])] as const)
    .filter(([name, value]) => fits(name + value, budget));
}

const fits = (text: string, budget: Budget): boolean => {
  budget.left -= text.length + TEXT_SIZE;
  return budget.left >= 0;
};
const millis = (nanos: unknown): number => Number(nanos) / 1e6;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
const objectsOf = (list: unknown): Fields[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : [];
