import { z } from 'zod';

// Whoever is on this machine can send: what is long is cut, so that a span takes no more memory than this.
const text = z.string().transform((value) => value.slice(0, 300));
const millis = z.coerce.number().transform((nanos) => nanos / 1e6);
const pair = z
  .object({ key: text, value: z.record(z.string(), z.unknown()) })
  .transform(({ key, value }) => [key, String(Object.values(value)[0]).slice(0, 300)] as const);
const attributes = z.array(pair).max(100).default([]);
const STATUS_ERROR = 2;
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

const span = z
  .object({
    traceId: z.string().regex(/^[0-9a-f]{32}$/),
    spanId: z.string().regex(/^[0-9a-f]{16}$/),
    parentSpanId: z.string().max(16).default(''),
    name: text,
    kind: z.number().transform((kind) => KINDS[kind] ?? 'internal'),
    startTimeUnixNano: millis,
    endTimeUnixNano: millis,
    attributes,
    events: z
      .array(z.object({ name: text, timeUnixNano: millis, attributes }))
      .max(100)
      .default([]),
    status: z.object({ code: z.number().default(0) }).default({ code: 0 }),
  })
  .transform(({ startTimeUnixNano: startMs, endTimeUnixNano: endMs, status, ...rest }) => {
    return { ...rest, startMs, endMs, isError: status.code === STATUS_ERROR };
  });
const resourceSpans = z.object({
  resource: z.object({ attributes }),
  scopeSpans: z.array(z.object({ spans: z.array(span) })),
});
const exportRequest = z.object({ resourceSpans: z.array(resourceSpans) });

/** A span as the console shows it; its times are milliseconds since 1970. */
export type SeenSpan = z.output<typeof span> & { readonly service: string };

/**
 * Reads the spans of an ExportTraceServiceRequest in JSON; `undefined` when it is none. Source: OTLP 1.x.
 */
export function readSpans(body: unknown): SeenSpan[] | undefined {
  return exportRequest.safeParse(body).data?.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(([name]) => name === 'service.name')?.[1] ?? 'unknown';
    return scopeSpans.flatMap(({ spans }) => spans.map((one) => ({ ...one, service })));
  });
}
