import { z } from 'zod';
import { expecting } from '../config/config.ts';

/** How a service traces. */
export type TracingConfig = {
  readonly exporter: 'otlp' | 'jaeger' | 'console' | 'none';
  /** Where OTLP spans go, as http/protobuf: the whole URL. */
  readonly otlpUrl: string;
  /** Where Thrift spans go: Jaeger's collector over HTTP. */
  readonly jaegerUrl: string;
  /** A receiver of OTLP in JSON that gets every span beside the exporter, whatever that is; the whole URL. */
  readonly windowUrl: string | undefined;
  /** Share of the traces that begin here which are sampled, 0 to 1. */
  readonly ratio: number;
};

const RATIO_EXPECTED = expecting('a number from 0 to 1');
const URL_EXPECTED = expecting('an http or https URL');

function httpUrl() {
  return z
    .string(URL_EXPECTED)
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), URL_EXPECTED);
}

/** What every service reads for its traces. The names that begin with OTEL_ are OpenTelemetry's own. */
export const tracingVariables = {
  TRACES_EXPORTER: z
    .enum(['otlp', 'jaeger', 'console', 'none'], expecting('otlp, jaeger, console or none'))
    .default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().default('http://localhost:4318'),
  OTEL_EXPORTER_JAEGER_ENDPOINT: httpUrl().default('http://localhost:14268/api/traces'),
  TRACES_WINDOW_ENDPOINT: httpUrl().optional(),
  OTEL_TRACES_SAMPLER_ARG: z
    .string(RATIO_EXPECTED)
    .regex(/^(?:0|1|[01]?\.\d{1,6})$/, RATIO_EXPECTED)
    .transform(Number)
    .refine((ratio) => ratio <= 1, RATIO_EXPECTED)
    .default(1),
};

/** The part of a configuration that is about traces. */
export function tracingConfig(values: z.output<z.ZodObject<typeof tracingVariables>>): TracingConfig {
  const { TRACES_WINDOW_ENDPOINT: window } = values;
  return {
    exporter: values.TRACES_EXPORTER,
    otlpUrl: tracesUrl(values.OTEL_EXPORTER_OTLP_ENDPOINT),
    jaegerUrl: values.OTEL_EXPORTER_JAEGER_ENDPOINT,
    windowUrl: window === undefined ? undefined : tracesUrl(window),
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/$/, '')}/v1/traces`;
}
