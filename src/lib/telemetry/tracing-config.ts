import { z } from 'zod';

/** How a service traces. */
export type TracingConfig = {
  readonly exporter: 'otlp' | 'jaeger' | 'console' | 'none';
  /** Where OTLP spans go, as http/protobuf: the whole URL. */
  readonly otlpUrl: string;
  /** Where Thrift spans go: Jaeger's collector over HTTP. */
  readonly jaegerUrl: string;
  /** Share of the traces that begin here which are sampled, 0 to 1. */
  readonly ratio: number;
};

const expected = (text: string) => ({ error: text });
const URL_EXPECTED = expected('an http or https URL');
const RATIO_EXPECTED = expected('a number from 0 to 1');

function httpUrl() {
  return z
    .string(URL_EXPECTED)
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), URL_EXPECTED);
}

/** What every service reads for its traces. The names that begin with OTEL_ are OpenTelemetry's own. */
export const tracingVariables = {
  TRACES_EXPORTER: z
    .enum(['otlp', 'jaeger', 'console', 'none'], expected('otlp, jaeger, console or none'))
    .default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().default('http://localhost:4318'),
  OTEL_EXPORTER_JAEGER_ENDPOINT: httpUrl().default('http://localhost:14268/api/traces'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string(RATIO_EXPECTED)
    .regex(/^(?:0|1|[01]?\.\d{1,6})$/, RATIO_EXPECTED)
    .transform(Number)
    .refine((ratio) => ratio <= 1, RATIO_EXPECTED)
    .default(1),
};

/** The part of a configuration that is about traces. */
export function tracingConfig(values: z.output<z.ZodObject<typeof tracingVariables>>): TracingConfig {
  return {
    exporter: values.TRACES_EXPORTER,
    otlpUrl: `${values.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces`,
    jaegerUrl: values.OTEL_EXPORTER_JAEGER_ENDPOINT,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}
