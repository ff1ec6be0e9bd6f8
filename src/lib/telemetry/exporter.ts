import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { TracingConfig } from './tracing-config.ts';

const EXPORT_LIMIT_MS = 5000;

/** Makes the exporter that was asked for, and loads no other; `undefined` when spans are not to leave the process. */
export async function spanExporter(config: TracingConfig): Promise<SpanExporter | undefined> {
  switch (config.exporter) {
    case 'otlp': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
      return new OTLPTraceExporter({ url: config.otlpUrl, timeoutMillis: EXPORT_LIMIT_MS });
    }
    case 'jaeger': {
      const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
      // Over HTTP: its UDP packets are lost between pods.
      return new JaegerExporter({ endpoint: config.jaegerUrl });
    }
    case 'console': {
      const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace-node');
      return new ConsoleSpanExporter();
    }
    case 'none':
      return undefined;
  }
}
