import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/**
 * Makes an exporter of OTLP in JSON that reads no variable, as OTLPTraceExporter would: OTEL_EXPORTER_OTLP_HEADERS and
 * _COMPRESSION are about the collector, whose keys are no business of another receiver, nor need that unpack anything.
 */
export async function windowExporter(url: string, timeoutMillis: number): Promise<SpanExporter> {
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
