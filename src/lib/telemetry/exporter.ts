import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { TracingConfig } from './tracing-config.ts';

const EXPORT_LIMIT_MS = 5000;

/** An exporter with its name in the metrics. */
export type NamedExporter = {
  readonly name: 'otlp' | 'jaeger' | 'console' | 'dev-console';
  readonly exporter: SpanExporter;
};

/** Creates the configured exporters, and loads no other. */
export async function spanExporters(config: TracingConfig): Promise<NamedExporter[]> {
  const exporters: NamedExporter[] = [];
  if (config.exporter === 'otlp') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    const exporter = new OTLPTraceExporter({ url: config.otlpUrl, timeoutMillis: EXPORT_LIMIT_MS });
    exporters.push({ name: 'otlp', exporter });
  }
  if (config.exporter === 'jaeger') {
    const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
    // Over HTTP, because UDP packets are lost between pods. The flush timer of its shutdown would keep the process alive, and
    // over HTTP there is nothing to flush.
    const exporter = new JaegerExporter({ endpoint: config.jaegerUrl, flushTimeout: 1 });
    exporters.push({ name: 'jaeger', exporter });
  }
  if (config.exporter === 'console') {
    const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace-node');
    exporters.push({ name: 'console', exporter: new ConsoleSpanExporter() });
  }
  if (config.devConsoleUrl !== undefined) {
    const { devConsoleExporter } = await import('./dev-console-exporter.ts');
    exporters.push({ name: 'dev-console', exporter: await devConsoleExporter(config.devConsoleUrl, EXPORT_LIMIT_MS) });
  }
  return exporters;
}
