import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/**
 * An exporter to the development console: OTLP as JSON, uncompressed. Unlike OTLPTraceExporter it does not read
 * OTEL_EXPORTER_OTLP_HEADERS and _COMPRESSION: they are for the collector, and its credentials must not go elsewhere.
 */
export async function devConsoleExporter(url: string, timeoutMillis: number): Promise<SpanExporter> {
  const { OTLPExporterBase } = await import('@opentelemetry/otlp-exporter-base');
  const { createOtlpHttpExportDelegate, httpAgentFactoryFromOptions } = await import(
    '@opentelemetry/otlp-exporter-base/node-http'
  );
  const { JsonTraceSerializer, TraceExporterMetricsHelper } = await import('@opentelemetry/otlp-transformer');
  const options = {
    url,
    timeoutMillis,
    compression: 'none',
    concurrencyLimit: 30,
    headers: () => Promise.resolve({ 'Content-Type': 'application/json' }),
    agentFactory: httpAgentFactoryFromOptions({ keepAlive: true }),
  } as const;
  return new OTLPExporterBase(
    createOtlpHttpExportDelegate(
      options,
      JsonTraceSerializer,
      'otlp_http_json_span_exporter',
      TraceExporterMetricsHelper,
      undefined,
    ),
  );
}
