import { z } from 'zod';
import { port } from '../config/config.ts';

/** Where a process offers its metrics. */
export type MetricsConfig = {
  /** Address to bind. */
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
};

/** What every service reads for its metrics. */
export const metricsVariables = {
  METRICS_HOST: z.string().default('0.0.0.0').describe('the address on which `/metrics` is served'),
  // What OpenTelemetry's exporters for Prometheus listen on.
  METRICS_PORT: port().default(9464).describe('the port of `/metrics`; a service does not start if it is taken'),
};

/** The part of a configuration that is about metrics. */
export function metricsConfig(values: z.output<z.ZodObject<typeof metricsVariables>>): MetricsConfig {
  return { host: values.METRICS_HOST, port: values.METRICS_PORT };
}
