import { JaegerExporter } from '@opentelemetry/exporter-jaeger';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ConsoleSpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { TracingConfig } from './tracing-config.ts';

const EXPORT_LIMIT_MS = 5000;

/** Makes the exporter that was asked for; `undefined` when spans are not to leave the process. */
export function spanExporter(config: TracingConfig): SpanExporter | undefined {
  switch (config.exporter) {
    case 'otlp':
      return new OTLPTraceExporter({ url: config.otlpUrl, timeoutMillis: EXPORT_LIMIT_MS });
    case 'jaeger':
      // Over HTTP: its UDP packets are lost between pods.
      return new JaegerExporter({ endpoint: config.jaegerUrl });
    case 'console':
      return new ConsoleSpanExporter();
    case 'none':
      return undefined;
  }
}
