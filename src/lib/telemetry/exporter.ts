import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { TracingConfig } from './tracing-config.ts';

const EXPORT_LIMIT_MS = 5000;

/** An exporter, and what it is called in the metrics. */
export type NamedExporter = {
  readonly name: 'otlp' | 'jaeger' | 'console' | 'window';
  readonly exporter: SpanExporter;
};

/** Makes the exporters that were asked for, and loads no other. */
export async function spanExporters(config: TracingConfig): Promise<NamedExporter[]> {
  const exporters: NamedExporter[] = [];
  if (config.exporter === 'otlp') exporters.push({ name: 'otlp', exporter: await otlpExporter(config.otlpUrl) });
  if (config.exporter === 'jaeger') {
    const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
    // Over HTTP: its UDP packets are lost between pods.
    exporters.push({ name: 'jaeger', exporter: new JaegerExporter({ endpoint: config.jaegerUrl }) });
  }
  if (config.exporter === 'console') {
    const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace-node');
    exporters.push({ name: 'console', exporter: new ConsoleSpanExporter() });
  }
  if (config.windowUrl !== undefined) {
    exporters.push({ name: 'window', exporter: await otlpExporter(config.windowUrl) });
  }
  return exporters;
}

async function otlpExporter(url: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url, timeoutMillis: EXPORT_LIMIT_MS });
}
