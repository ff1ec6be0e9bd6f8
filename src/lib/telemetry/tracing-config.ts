import { z } from 'zod';
import { expecting } from '../config/config.ts';

/** How a service traces. */
export type TracingConfig = {
  readonly exporter: 'otlp' | 'jaeger' | 'console' | 'none';
  /** The OTLP receiver (http/protobuf): the whole URL. */
  readonly otlpUrl: string;
  /** Jaeger's collector (Thrift over HTTP): the whole URL. */
  readonly jaegerUrl: string;
  /** The development console: it receives every span as OTLP JSON in addition to the exporter. The whole URL. */
  readonly devConsoleUrl: string | undefined;
  /** Share of the traces started here that are sampled, 0 to 1. */
  readonly ratio: number;
};

const RATIO_EXPECTED = expecting('a number from 0 to 1');
const URL_EXPECTED = expecting('an http or https URL');

function httpUrl() {
  return z
    .string(URL_EXPECTED)
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), URL_EXPECTED);
}

/** The tracing settings of every service. Names that begin with OTEL_ are OpenTelemetry's. */
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
  DEV_CONSOLE_ENDPOINT: httpUrl()
    .optional()
    .describe(
      'the development console: it receives every span as OTLP JSON in addition to the exporter; `/v1/traces` is appended. `make run` sets it',
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

/** The tracing configuration from these settings. */
export function tracingConfig(values: z.output<z.ZodObject<typeof tracingVariables>>): TracingConfig {
  const { DEV_CONSOLE_ENDPOINT: devConsole } = values;
  return {
    exporter: values.TRACES_EXPORTER,
    otlpUrl: tracesUrl(values.OTEL_EXPORTER_OTLP_ENDPOINT),
    jaegerUrl: values.OTEL_EXPORTER_JAEGER_ENDPOINT,
    devConsoleUrl: devConsole === undefined ? undefined : tracesUrl(devConsole),
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/$/, '')}/v1/traces`;
}
