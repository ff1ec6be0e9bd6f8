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
    .default('otlp')
    .describe(
      'where spans are sent: `otlp` (http/protobuf), `jaeger` (Thrift over HTTP), `console` (standard output) or `none`, which makes no spans and propagates no trace. `make run` sets `none` while nothing listens on 127.0.0.1:4318',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl()
    .default('http://localhost:4318')
    .describe('the OTLP receiver; `/v1/traces` is appended'),
  OTEL_EXPORTER_JAEGER_ENDPOINT: httpUrl()
    .default('http://localhost:14268/api/traces')
    .describe('the full URL of the Jaeger collector'),
  TRACES_WINDOW_ENDPOINT: httpUrl()
    .optional()
    .describe(
      'an OTLP/JSON receiver that gets every span in addition to the exporter; `/v1/traces` is appended. `make run` sets it to its console',
    ),
  OTEL_TRACES_SAMPLER_ARG: z
    .string(RATIO_EXPECTED)
    .regex(/^(?:0|1|[01]?\.\d{1,6})$/, RATIO_EXPECTED)
    .transform(Number)
    .refine((ratio) => ratio <= 1, RATIO_EXPECTED)
    .default(1)
    .describe(
      'the share of new traces that is sampled, `0` to `1`; a call with a trace context follows the decision of its caller',
    ),
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
